"""Spanish as people type it, turned into words that can be compared: once, in Python, for both engines.

Text and query pass the same functions, and the engines only compare what comes out (they split at
spaces and know no Spanish), so that neither can understand a word differently. Order matters: fold,
then singular, then stem. **ñ is a letter**: it survives folding. Who types ``nino`` still finds
*niño*, through a field of aliases that weighs less than any true match, so that ``ano`` never brings
*año* before *ano*. Knows no engine and no database.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import cast

import tantivy
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

MAX_TOKEN = 40
"""Longer runs of letters are no words (base64, addresses): they are not indexed."""

ACRONYM = 8
"""Letters that an acronym may have."""
APART = "="
"""What ends the comparable form of an acronym, and no word."""
DATA = Path(__file__).resolve().parent.parent / "data"

_TOKEN = re.compile(r"[^\W_]+")


class _Folding(dict[int, str]):
    """Characters to their bare lower-case letter, one for one, filled as characters are met."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        lower = char.lower()
        lower = lower if len(lower) == 1 else char
        base = unicodedata.normalize("NFD", lower)
        if lower != "ñ" and len(base) > 1 and base[0].isalpha():
            lower = base[0]
        self[code] = lower
        return lower


_FOLDING = _Folding()
_SPANISH = tuple(zip("áéíóúüÁÉÍÓÚÜ", "aeiouuaeiouu", strict=True))
_FOREIGN = re.compile(r"[^\x00-\x7fñÑ]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Also signs of direction: in a text that is shown inside a sentence they would turn the sentence round."""


def clean(text: str) -> str:
    """Return ``text`` composed (NFC), with control characters as spaces: what all the rest expects.

    Mostly ends of lines are the only ones; whether there are others is found out sooner than they are.
    """
    text = unicodedata.normalize("NFC", text).replace("\n", " ").replace("\r", " ")
    return text if text.isprintable() else _CONTROL.sub(" ", text)


def fold(text: str) -> str:
    """Return ``text`` in lower case and without accents, ñ kept. Same length: offsets stay true."""
    if text.isascii():
        return text.lower()
    for accented, bare in _SPANISH:
        text = text.replace(accented, bare)
    if text.replace("ñ", "").replace("Ñ", "").isascii():
        return text.lower()
    folded = _FOREIGN.sub(lambda found: _FOLDING[ord(found[0])], text).lower()
    return folded if len(folded) == len(text) else text.translate(_FOLDING)


def spans(folded: str) -> list[tuple[int, int]]:
    """Return where the words of a folded text stand."""
    return [match.span() for match in _TOKEN.finditer(folded) if match.end() - match.start() <= MAX_TOKEN]


def words(folded: str) -> list[str]:
    """Return the words of a folded text in order, without those too long to be words."""
    found = _TOKEN.findall(folded)
    return found if _are_short(found) else [word for word in found if len(word) <= MAX_TOKEN]


def different(folded: str) -> set[str]:
    """Return the different words of a folded text: as :func:`words`, of which most repeat.

    Most stand between spaces and are nothing but letters: only the others are looked at closely.
    """
    found = set(folded.split())
    mixed = [piece for piece in found if not piece.isalnum()]
    found.difference_update(mixed)
    found.update(_TOKEN.findall(" ".join(mixed)))
    return found if _are_short(found) else {word for word in found if len(word) <= MAX_TOKEN}


def _are_short(words: Collection[str]) -> bool:
    return max(map(len, words), default=0) <= MAX_TOKEN


def tokens(text: str) -> list[str]:
    """Return the folded words of ``text`` in order, without those too long to be words."""
    return words(fold(text))


_BEGUN = re.compile(
    r"(?:[\s,.;:!¡]*\b(?:hola|buen[oa]s? (?:dias?|tardes?|noches?)|buenas(?=\s*[,.;:!])|(?:cordial )?saludos?"
    r"|disculpen?|por favor|(?:(?:yo )?(?:quisiera|quiero|queria|necesito|me gustaria) (?:saber|preguntar)"
    r"|me (?:pueden?|podrian?) (?:decir|informar))(?: si)?)\b)+[\s,.;:!]*"
)
_ENDED = re.compile(r"(?:[\s,.;:!]*\b(?:por favor|(?:muchas |mil )?gracias)\b)+[\s,.;:!]*$")


def asked(text: str) -> str:
    """Return what is asked, without the greeting before it and the thanks after it; all when that is all."""
    folded = fold(text)
    begun = _BEGUN.match(folded)
    start = begun.end() if begun else 0
    ended = _ENDED.search(folded, start)
    rest = text[start : ended.start() if ended else None]
    return rest if _TOKEN.search(rest) else text


def key(text: str, *, apart: bool = False) -> str:
    """Return what a query is counted and pinned by: its stems in order, joined by spaces.

    ``apart`` tells acronyms from words, as search does; keys that are kept do not.
    """
    return " ".join(map(normal if apart else stemmed, tokens(asked(clean(text)[:200]))))


def singular(word: str) -> str:
    """Return the singular of a folded word, by rule; nonsense words come out as consistent nonsense.

    Joins what the stemmer leaves apart: actas/acta, años/año, ciudades/ciudad, jóvenes/joven,
    voces/voz. Applied until nothing changes, so that a singular that ends in ``s`` (país, interés)
    meets its own plural.
    """
    while True:
        if len(word) >= 5 and word.endswith("ces"):
            shorter = word[:-3] + "z"
        elif len(word) >= 5 and word.endswith("es") and word[-3] not in "aeiou":
            shorter = word[:-2]
        elif len(word) >= 4 and word.endswith("s") and word[-2] in "aeiou":
            shorter = word[:-1]
        else:
            return word
        word = shorter


_stemmer = (
    tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.raw()).filter(tantivy.Filter.stemmer("spanish")).build()
)


_SPELLINGS = (("zc", "c"), ("qu", "c"), ("gu", "g"), ("iz", "ic"), ("coj", "cog"), ("rij", "rig"))
"""Ends of stems that Spanish writes in two ways by the vowel that follows: *busque* is of *buscar*."""


def _one_spelling(stem: str) -> str:
    """Return a stem as the other forms of its verb write it: crezc → crec, entregu → entreg."""
    for end, other in _SPELLINGS:
        if stem.endswith(end) and len(stem) > len(end) + 1:
            return stem[: -len(end)] + other
    return stem


def normal(word: str) -> str:
    """Return the form under which a folded word is compared; of an acronym one that no other word has.

    Stemmed, RUT would be a *ruta*, and SENA a *seno*.
    """
    return word + APART if word in acronyms() else stemmed(word)


@lru_cache(maxsize=1)
def acronyms() -> frozenset[str]:
    """Return the acronyms of data/synonyms_es.txt, folded; what editors add is not read into the index."""
    lines = (DATA / "synonyms_es.txt").read_text(encoding="utf-8").splitlines()
    members = (one.strip() for line in lines if not line.startswith("#") for one in line.split(","))
    return frozenset(fold(one) for one in members if is_acronym(one))


def is_acronym(member: str) -> bool:
    """Whether what stands in a group of synonyms is one, by its capitals."""
    return len(member) <= ACRONYM and sum(char.isupper() for char in member) >= 2


@lru_cache(maxsize=200_000)
def stemmed(word: str) -> str:
    """Return the stem of a folded word; a number loses its leading zeros.

    The stemmer knows ``-ción`` only with its accent, which folding took: it is given back first.
    """
    if word.isdecimal():
        return word.lstrip("0") or "0"
    if any(char.isdigit() for char in word):
        return word
    single = singular(word)
    if single.endswith(("cion", "sion")):
        single = single[:-2] + "ón"
    stem = _stemmer.analyze(single)
    return _one_spelling(fold(stem[0])) if stem else single


def without_enye(word: str) -> str:
    """Return the word as typed on a keyboard without ñ."""
    return word.replace("ñ", "n")


def aliases(words: list[str]) -> list[str]:
    """Return the comparable forms of the words with ñ as they are typed without it, each once."""
    return sorted({normal(without_enye(word)) for word in words if "ñ" in word})


_HEARD = {
    "nb": "mb", "nv": "mv", "np": "mp", "ch": "#", "ph": "f", "ll": "\1",
    "que": "ke", "qui": "ki", "gue": "\2e", "gui": "\2i", "ce": "se", "ci": "si", "ge": "je", "gi": "ji",
    "y\n": "i\n", "\1": "y", "\2": "g",
    "h": "", "c": "k", "#": "ch", "v": "b", "w": "gu", "q": "k", "z": "s", "x": "s",
}  # fmt: skip
"""What is written and how it sounds, in an order in which none sees what another has made."""


_kept: dict[str, str] = {}
"""Word → how it sounds, of the words that were met: texts say the same ones over and over."""
KEPT = 200_000


def sounds(words: Collection[str]) -> list[str]:
    """Return how folded words sound in America, where *haser*, *hacer* and *aser* are the same.

    What Spanish writes in several ways for one sound (RAE, Ortografía de la lengua española, 2010): b/v,
    c/s/z (seseo), c/qu/k, g/j, ll/y (yeísmo), h, x, m/n before b and p. A slip of the ear is none here, and
    one of the finger is counted between sounds. All words at once, since a page of results has thousands.
    """
    global _kept
    if len(_kept) > KEPT:
        _kept = {}  # and not emptied: another thread may be reading it
    kept = _kept
    found = list(map(kept.get, words))
    if None in found:
        new = [word for word, sound in zip(words, found, strict=True) if sound is None]
        kept.update(zip(new, _heard(new), strict=True))
        found = list(map(kept.get, words))
    return cast("list[str]", found)


def _heard(words: Collection[str]) -> list[str]:
    heard = "\n".join([*words, ""])
    are_words = "".join(words).isalpha()
    for written, sound in _HEARD.items():
        heard = heard.replace(written, sound)
    for letter in set(heard) - {"\n"}:
        while letter + letter in heard:
            heard = heard.replace(letter + letter, letter)
    found = heard.split("\n")[:-1]
    return found if are_words else [s if w.isalpha() else w for w, s in zip(words, found, strict=True)]


def sound(word: str) -> str:
    """Return how one folded word sounds: see :func:`sounds`."""
    return _kept.get(word) or sounds([word])[0]


SHORT = 3
"""Letters of a sound with one of which changed it would be half of the short words there are."""


def edits_allowed(word: str, *, acronym: bool = False) -> int:
    """Return how many slips a word is forgiven: one from 4 letters, two from 8; numbers and acronyms none.

    Slips are counted between sounds, so that a third of the sound is the most, and none is forgiven when five
    letters or more sound as SHORT: *zzzzqqq* is *sk* and *zzzxw* is *sgu*, which nobody meant to write.
    """
    heard = sound(word)
    if acronym or len(heard) <= SHORT < len(word) - 1 or any(char.isdigit() for char in word):
        return 0
    by_letters = 0 if len(word) < 4 else 1 if len(word) < 8 else 2
    return min(by_letters, len(heard) // 3)


def distance(one: str, other: str, limit: int = 2) -> int:
    """Return the number of slips (letter added, lost, changed, or two swapped) up to ``limit + 1``."""
    return OSA.distance(one, other, score_cutoff=limit)


def slips(word: str, typed: str) -> tuple[int, int]:
    """Return how far a word is from what was typed: between their sounds, then between their letters."""
    return distance(sound(word), sound(typed)), distance(word, typed)


def near(word: str, others: Sequence[str], heard: Sequence[str], limit: int) -> list[str]:
    """Return those of ``others`` (``heard`` so) that are up to ``limit`` slips from how ``word`` sounds."""
    return [others[at] for at in _within(sound(word), heard, limit) if others[at] != word]


def spelt(word: str, others: Sequence[str], limit: int) -> list[str]:
    """Return those of ``others`` that are written with up to ``limit`` slips."""
    return [others[at] for at in _within(word, others, limit)]


def _within(word: str, others: Sequence[str], limit: int) -> list[int]:
    """Return the places of those of ``others`` that are up to ``limit`` slips away."""
    found = process.extract(word, others, scorer=OSA.distance, score_cutoff=limit, limit=None)
    return sorted(at for _other, _slips, at in found)


def continued(beginning: str, folded: str) -> Iterator[tuple[int, int]]:
    """Give where a word stands in a folded text that begins so and goes on."""
    for match in re.finditer(rf"(?<![^\W_]){re.escape(beginning)}[^\W_]+", folded):
        if match.end() - match.start() <= MAX_TOKEN:
            yield match.span()


def places(word: str, folded: str) -> Iterator[tuple[int, int]]:
    """Give where ``word`` stands in a folded text as a whole word."""
    at = folded.find(word)
    while at >= 0:
        end = at + len(word)
        if not folded[at - 1 : at].isalnum() and not folded[end : end + 1].isalnum():
            yield at, end
        at = folded.find(word, end)


ALIKE = 85
"""Percent of likeness from which two keys of queries say the same with other letters."""


def alike(key: str, other: str) -> bool:
    """Whether two keys (:func:`key`) ask for the same: all of the shorter's words (two or more), or slips.

    *registr marc* and *registr marc comercial* do; *emple* is no part of *emple joven*, since one word alone
    asks for anything.
    """
    if fuzz.ratio(key, other, score_cutoff=ALIKE):
        return True
    words, others = set(key.split()), set(other.split())
    return len(words & others) >= 2 and (words <= others or others <= words)
