"""How every form of the site renders: label, help, error, control, as in ``components/field.html``."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe


class FormRenderer(TemplatesSetting):
    """Render ``{{ form }}`` and ``as_field_group`` with the design system's components."""

    form_template_name = "components/form.html"
    field_template_name = "components/field.html"


class ShapedText(forms.Textarea):
    """A long text that :func:`nucleo.html.render_markdown` shapes: with a bar that writes the marks."""

    template_name = "components/writer.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Tie the hint about the marks to the text: it is there as long as the bar is not."""
        context: dict[str, Any] = super().get_context(name, value, attrs)
        made = context["widget"]["attrs"]
        made["aria-describedby"] = f"{made.get('aria-describedby', '')} {made.get('id', name)}_forma".strip()
        return context


class LongSelect(forms.Select):
    """A choice among hundreds, without groups, written in one go: Django renders a template for each."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        """Return the HTML that ``Select`` would give."""
        chosen = set(self.format_value(value))
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            (
                (key, mark_safe(" selected") if str(key) in chosen else "", label)
                for key, label in self.choices
            ),
        )
        return format_html(
            "<select{}>{}</select>",
            flatatt(self.build_attrs(self.attrs, {**(attrs or {}), "name": name})),
            options,
        )
