from html.parser import HTMLParser

import bleach
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nucleo import html

ATTACKS = [
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    '<a href="javascript:alert(1)">x</a>',
    "[x](javascript:alert(1))",
    '<svg><script href="data:,alert(1)"/></svg>',
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
]


class _Reader(HTMLParser):
    """Collects what a browser would act on."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_that_runs_survives(attack):
    for out in (html.clean(attack), html.render_markdown(attack)):
        reader = _Reader()
        reader.feed(out)
        assert not reader.tags & {"script", "style", "img", "svg", "math", "iframe"}
        assert not [name for name, _ in reader.attributes if name.startswith("on")]
        assert not [value for _, value in reader.attributes if value and "javascript:" in value]


@given(st.text(max_size=300))
def test_a_second_sanitiser_finds_nothing_left_to_remove(source):
    out = html.render_markdown(source)
    assert bleach.clean(
        out,
        tags=html._TAGS,
        attributes={**{k: list(v) for k, v in html._ATTRIBUTES.items()}, "a": ["href", "title", "rel"]},
        protocols=html._SCHEMES,
    ).count("<") == out.count("<")


def test_markdown_keeps_the_prose():
    out = html.render_markdown("**Hola**\n\n- uno\n- dos\n\nwww.example.org")
    assert "<strong>Hola</strong>" in out and out.count("<li>") == 2 and 'rel="nofollow noopener"' in out


def test_plain_text_separates_blocks_and_resolves_entities():
    assert html.plain_text("<h2>Uno</h2><p>dos &amp; tres</p><ul><li>x</li></ul>") == "Uno dos & tres x"


def test_too_long_a_source_is_refused():
    with pytest.raises(ValueError, match="at most"):
        html.render_markdown("x" * (html.MAX_SOURCE + 1))
