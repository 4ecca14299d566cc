"""How every form of the site renders: label, help, error, control, as in ``components/field.html``."""

from __future__ import annotations

from django.forms.renderers import TemplatesSetting


class FormRenderer(TemplatesSetting):
    """Render ``{{ form }}`` and ``as_field_group`` with the design system's components."""

    form_template_name = "components/form.html"
    field_template_name = "components/field.html"
