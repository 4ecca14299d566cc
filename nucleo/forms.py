"""How every form of the site renders: label, help, error, control, as in ``components/field.html``."""

from __future__ import annotations

from typing import Any, Self

from django import forms
from django.forms.renderers import TemplatesSetting


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


class Finder(forms.TextInput):
    """Names a thing of a long list by typing; a list of thousands is no list to choose from.

    Without scripts it is one line, and what may have been meant is ``offered`` below it to choose from when
    the form comes back. ``static/js/sugerencias.js`` makes it a combobox, which asks ``address`` meanwhile.
    """

    template_name = "components/finder.html"
    CHOSEN = "_cual"
    """What the name of the choice ends in."""

    def __init__(self, address: Any, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.address = address
        self.offered: list[str] = []

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """Offer nothing in another form."""
        made = super().__deepcopy__(memo)
        made.offered = []
        return made

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Give the template where to ask and what is offered."""
        context = super().get_context(name, value, attrs)
        context["widget"] |= {
            "address": self.address,
            "offered": self.offered,
            "chosen": f"{name}{self.CHOSEN}",
        }
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str:
        """Return what was chosen below, if anything was, else what was typed."""
        return str(data.get(f"{name}{self.CHOSEN}", data.get(name)) or "")
