"""What differs between what is saved and what was typed in a form of the administration. Knows no model."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from django.db import models
from django.forms import PasswordInput
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.admin import compare
from wagtail.blocks.base import BlockField
from wagtail.utils.text import text_from_html

OF_THE_ROW = {"id", "DELETE", "ORDER"}
"""Fields of a row of an inline panel that say nothing of what it holds."""
COLOURED = re.compile(r'<span class="(addition|deletion)">([^<]*)</span>')
TAGS = {"addition": "ins", "deletion": "del"}


def differences(form: Any, stored: Any, comparisons: list[Callable[..., Any]]) -> list[tuple[str, str]]:
    """Return (label, what differs) between what is saved, the unbound form ``stored``, and what was typed.

    ``comparisons`` are Wagtail's, of the panels; what they cannot tell shows what is saved.
    """
    told: dict[str, str] = {}
    for comparison in comparisons:
        found = comparison(stored.instance, form.instance)
        if found.is_field and found.has_changed():
            told[found.field.name] = _told(found)
    return [
        *(
            (form[name].label, told[name] if name in told else _saved(_words(stored, name)))
            for name in _changed(form, stored)
        ),
        *_changed_rows(form, stored),
    ]


def mark(form: Any) -> str:
    """Return a mark of what an unbound form holds: another one as soon as any of it is another."""
    held = _held(form)
    for name, formset in sorted(getattr(form, "formsets", {}).items()):
        held[f"{name}-"] = [_held(row) for row in formset.initial_forms]
    text = json.dumps(held, sort_keys=True, default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _held(form: Any) -> dict[str, Any]:
    return {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, models.Model):
        return value.pk
    if hasattr(value, "get_prep_value"):  # blocks
        return value.get_prep_value()
    if isinstance(value, (tuple, set, models.QuerySet)):
        return list(value)
    return str(value)


def _changed(form: Any, stored: Any) -> Iterator[str]:
    for name, field in form.fields.items():
        if name not in OF_THE_ROW and not field.disabled and not isinstance(field.widget, PasswordInput):
            initial, typed = stored.get_initial_for_field(field, name), form[name].data
            if isinstance(field, BlockField):
                changed = _blocks(field, initial) != _blocks(field, typed)
            else:
                changed = field.has_changed(initial, typed)
            if changed:
                yield name


def _blocks(field: BlockField, value: Any) -> Any:
    """Return what blocks hold: a new block that is sent twice gets another id each time."""
    return _without_ids(field.block.get_prep_value(value))


def _without_ids(held: Any) -> Any:
    if isinstance(held, dict):
        return {name: _without_ids(value) for name, value in held.items() if name != "id"}
    return [_without_ids(one) for one in held] if isinstance(held, list) else held


def _changed_rows(form: Any, stored: Any) -> Iterator[tuple[str, str]]:
    for name, formset in getattr(form, "formsets", {}).items():
        if name == "comments":  # Wagtail's own, about a page and not in it
            continue
        gone = formset.deleted_forms if formset.is_valid() else []
        mine = [row for row in formset.forms if row not in gone and (row.instance.pk or row.has_changed())]
        theirs = stored.formsets[name].initial_forms
        pairs = zip(mine, theirs, strict=False)
        if len(mine) != len(theirs) or any(True for one, other in pairs for _name in _changed(one, other)):
            saved = "; ".join(str(row.instance) for row in theirs)
            yield capfirst(str(formset.model._meta.verbose_name_plural)), _saved(saved)


def _saved(words: str) -> str:
    return _("Guardado: %(words)s") % {"words": words or _("(vacío)")}


def _words(form: Any, name: str) -> str:
    """Return what an unbound form holds at ``name``, as words."""
    field, value = form.fields[name], form.get_initial_for_field(form.fields[name], name)
    if isinstance(value, bool):
        return _("Sí") if value else _("No")
    if isinstance(value, (list, tuple, models.QuerySet)):
        return ", ".join(str(one) for one in value)
    if hasattr(field, "queryset") and value is not None:
        return str(field.queryset.filter(pk=value).first() or "")
    if hasattr(value, "render_as_block"):
        return str(text_from_html(value.render_as_block()))
    choices = dict(getattr(field, "choices", None) or {})
    return str(choices.get(value, value) if choices else "" if value is None else value)


def _told(found: Any) -> str:
    """Return what a comparison of Wagtail's found; of blocks only those that differ."""
    if isinstance(found, compare.StreamFieldComparison):
        stream = compare.StreamBlockComparison(found.field.stream_block, True, True, found.val_a, found.val_b)
        told = format_html_join("", "<p>{}</p>", ((part,) for part in _told_blocks(stream)))
    else:
        told = _marked(found.htmldiff())
    return told or _("Cambia la forma (negrilla, enlaces, orden), no las palabras.")


def _told_blocks(found: Any) -> Iterator[SafeString]:
    if found.is_new() or found.is_deleted():
        tag, value = ("ins", found.val_b) if found.is_new() else ("del", found.val_a)
        words = text_from_html(str(found.htmlvalue(value)))
        yield format_html("<{}>{}</{}>", mark_safe(tag), words, mark_safe(tag))
    elif isinstance(found, compare.BaseSequenceBlockComparison):
        for one in found.get_block_comparisons():
            yield from _told_blocks(one)
    elif isinstance(found, compare.StructBlockComparison):
        for name, block in found.block.child_blocks.items():
            kind = compare.get_comparison_class_for_block(block)
            yield from _told_blocks(kind(block, True, True, found.val_a[name], found.val_b[name]))
    elif found.has_changed():
        told = _marked(found.htmldiff())
        if "<ins>" in told or "<del>" in told:
            yield told


def _marked(html: str) -> SafeString:
    """Return what Wagtail marks by a colour alone as what is taken out and what is put in."""
    marked = COLOURED.sub(lambda part: f"<{TAGS[part[1]]}>{part[2]}</{TAGS[part[1]]}>", html)
    return mark_safe(marked)  # Wagtail has escaped the words
