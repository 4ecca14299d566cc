"""The one door for HTML that people wrote: Markdown in, clean HTML out.

Everything that is shown with ``|safe`` went through here when it was saved. nh3 guards it (ADR 0001);
no caller widens the list of what may pass.
"""

from __future__ import annotations

import re
from html import unescape

import nh3
from markdown_it import MarkdownIt

MAX_SOURCE = 20_000
"""Longest Markdown source in characters: rendering costs about 7 ms a kilobyte, so never unbounded."""

_TAGS = {
    "a", "abbr", "b", "blockquote", "br", "code", "dd", "del", "dl", "dt", "em", "h2", "h3", "h4", "hr", "i",
    "ins", "li", "mark", "ol", "p", "pre", "s", "strong", "sub", "sup", "table", "tbody", "td", "th", "thead",
    "tr", "ul",
}  # fmt: skip
_ATTRIBUTES = {
    "a": {"href", "title"},
    "abbr": {"title"},
    "ol": {"start"},
    "td": {"colspan"},
    "th": {"colspan", "scope"},
}
_SCHEMES = {"http", "https", "mailto", "tel"}

_markdown = MarkdownIt("commonmark", {"html": False, "linkify": True, "breaks": True}).enable(
    ["linkify", "table", "strikethrough"]
)
_SPACES = re.compile(r"\s+")
_BLOCK_ENDS = re.compile(r"</(?:p|li|h[2-4]|td|th|dd|dt|blockquote|pre|tr)>|<br ?/?>|<hr ?/?>", re.IGNORECASE)


def clean(html: str) -> str:
    """Return ``html`` with only the tags and attributes of prose; links get ``rel="nofollow noopener"``."""
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        link_rel="nofollow noopener",
        clean_content_tags={"script", "style"},
    )


def render_markdown(source: str) -> str:
    """Return clean HTML for Markdown ``source``; raises ValueError over MAX_SOURCE characters.

    Called once, at save. Headings of the source start at h2's children, so that a post never breaks
    the outline of its page.
    """
    if len(source) > MAX_SOURCE:
        raise ValueError(f"Markdown source of {len(source)} characters; at most {MAX_SOURCE}")
    html = _markdown.render(source)
    html = re.sub(r"<(/?)h[1-6]>", lambda m: f"<{m[1]}h3>", html)
    return clean(html)


def plain_text(html: str) -> str:
    """Return the words of ``html``: no tags, entities resolved, one space between words."""
    spaced = _BLOCK_ENDS.sub(" ", html)
    stripped = nh3.clean(spaced, tags=set(), clean_content_tags={"script", "style"})
    return _SPACES.sub(" ", unescape(stripped)).strip()
