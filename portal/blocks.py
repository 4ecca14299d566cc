"""The pieces a content page is written with: the same as in a guide, so that editors learn them once."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from guias.blocks import CalloutBlock, FigureBlock, FileBlock, ProseBlock, StepsBlock, TableBlock


class PageContentBlock(blocks.StreamBlock):  # type: ignore[misc]
    """All that may stand in a page of text."""

    heading = blocks.CharBlock(
        label=_("Subtítulo"), icon="title", max_length=120, template="blocks/heading.html"
    )
    text = ProseBlock()
    steps = StepsBlock()
    callout = CalloutBlock()
    table = TableBlock()
    figure = FigureBlock()
    file = FileBlock()
