"""What lets the package be searched without a network: one small file of words and texts a version.

A page opened from a disk may not read other files, but it may load scripts: so this is a script that holds
data and nothing else. It says nothing of the guide (title, place), which may change while a version
may not; the list in ``index.html`` says that. ``package.js`` reads it, and folds words the same way.
"""

from __future__ import annotations

import json
import re
from typing import Any

from guias.models import Version
from nucleo.folding import fold

WORD = re.compile(r"[a-z0-9]+")
_COMMON = (
    "al como con de del el en es la las le lo los mas no o para por que se si sin son su sus un una y ya"
)
TOO_COMMON = frozenset(_COMMON.split())
"""Words that stand in every section; ``package.js`` has the same list."""


def stem(word: str) -> str:
    """Return what singular and plural of a folded word share: ``redes`` and ``red``, ``voces`` and ``voz``.

    It need not be a word, nor right for every one: both sides are cut the same way.
    """
    if len(word) > 4 and word.endswith("s"):
        word = word[:-1]
    if len(word) > 3 and word.endswith("e"):
        word = word[:-1]
    return f"{word[:-1]}c" if word.endswith("z") else word


def stems(text: str) -> set[str]:
    """Return the stems of the words of ``text`` that tell something."""
    return {stem(word) for word in WORD.findall(fold(text)) if len(word) > 1 and word not in TOO_COMMON}


def content(version: Version) -> dict[str, Any]:
    """Return the sections (anchor, chapter, heading, text), and for each stem the sections it stands in."""
    sections: list[tuple[str, str, str, str]] = []
    words: dict[str, list[int]] = {}
    for chapter in version.chapters:
        for anchor, heading, paragraphs in chapter.sections:
            place = f"{chapter.slug}--{anchor}" if anchor else chapter.slug
            text = "\n".join(paragraphs)
            for word in stems(f"{chapter.title}\n{heading}\n{text}"):
                words.setdefault(word, []).append(len(sections))
            sections.append((place, chapter.title, heading, text))
    return {
        "guia": version.guide.slug,
        "version": version.number,
        "secciones": sections,
        "palabras": dict(sorted(words.items())),
    }


def make(version: Version) -> bytes:
    """Return the file."""
    data = json.dumps(content(version), ensure_ascii=False, separators=(",", ":"))
    # These two end a line inside a string for older browsers.
    data = data.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return f"(window.indices=window.indices||[]).push({data});\n".encode()
