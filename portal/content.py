"""The texts that every portal needs (help, personal data, accessibility…), from ``demo/data/paginas/*.yaml``.

One file a page: slug, title, lead, body (a list of blocks; a block is a mapping of its kind to its
value, as in a guide). A page that somebody edited is never touched again: an edit leaves a revision.
"""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import yaml
from django.utils import timezone

from nucleo.html import render_markdown
from portal.demo.guias import MAKERS, BadGuide
from portal.models import ContentPage, HomePage
from search import outbox

FOLDER = Path(__file__).parent / "demo" / "data" / "paginas"
NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://cemprende.example/paginas/")


def load_pages(home: HomePage, folder: Path = FOLDER) -> int:
    """Create the pages that are missing below ``home`` and refresh those nobody edited; return how many."""
    files = sorted(folder.glob("*.yaml"))
    for file in files:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
        for entry in content if isinstance(content, list) else [content]:
            load_page(home, entry)
    return len(files)


def load_page(home: HomePage, entry: dict[str, Any]) -> ContentPage:
    """Create or refresh one page."""
    fields = {
        "title": entry["title"],
        "lead": entry.get("lead", ""),
        "body": [_block(entry["slug"], n, raw) for n, raw in enumerate(_blocks(entry))],
    }
    page: ContentPage | None = ContentPage.objects.child_of(home).filter(slug=entry["slug"]).first()
    now = timezone.now()
    if page is None:
        dates = {"first_published_at": now, "last_published_at": now}
        page = ContentPage(slug=entry["slug"], locale=home.locale, **dates, **fields)
        HomePage.objects.get(pk=home.pk).add_child(instance=page)
    elif page.latest_revision_id is None and _differs(page, fields):
        for name, value in {**fields, "last_published_at": now}.items():
            setattr(page, name, value)
        page.save()
    else:
        return page
    outbox.queue("pagina", page.pk)
    return page


def _differs(page: ContentPage, fields: dict[str, Any]) -> bool:
    """Whether the file says something else than the page; each start asks, so equal texts write nothing."""
    fresh = ContentPage(**fields)
    names = [name for name in fields if name != "body"]
    changed = any(getattr(page, name) != getattr(fresh, name) for name in names)
    return changed or page.body.get_prep_value() != fresh.body.get_prep_value()


def _blocks(entry: dict[str, Any]) -> list[Any]:
    found: list[Any] | str = entry.get("body") or entry.get("blocks") or []
    return [{"text": found}] if isinstance(found, str) else found


def _block(slug: str, n: int, raw: dict[str, Any]) -> dict[str, Any]:
    if "type" in raw:
        kind = raw["type"]
        value = raw.get("value", {name: item for name, item in raw.items() if name != "type"})
        if isinstance(value, dict) and set(value) == {"text"} and kind in ("heading", "text"):
            value = value["text"]
    else:
        kind, value = next(iter(raw.items()))
    place = f"paginas/{slug}"
    if kind not in MAKERS:
        raise BadGuide(f"{place}: no block is called {kind!r}")
    made = render_markdown(value) if kind == "text" else MAKERS[kind](place, value)
    return {"type": kind, "id": str(uuid.uuid5(NAMESPACE, f"{slug}/{n}/{kind}")), "value": made}
