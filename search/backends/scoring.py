"""What is indexed of a document, and what it counts for: the one table of weights, for both engines.

A match scores a constant: where the word stands (BOOSTS), how much of the text it is (DENSITY), how rare it
is among what everybody may read (COUNTED). An engine's own likeness counts words and lengths over all
documents, and so would tell of hidden ones by the order of results. Knows no engine.
"""

from __future__ import annotations

import hashlib
import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from search.backends import analysis
from search.backends.base import MAX_BODY, Request
from search.backends.plan import Plan, Word, stopwords, synonyms
from search.documents import KIND_NAMES, LISTED_FIRST, PUBLIC, SearchDocument

SET_FIELDS = ("any", "dense", "alias_title", "alias", "sound_title", "sound")
"""Fields that say only whether a document has a word: ``any`` has all of title, headings and text, ``dense``
those that the text says often, each behind its step of DENSITY."""
SMALL = "=="
"""What stands before the sound of a small word, further than two slips reach: *nacer* is none of *hacer*, and
*aser*, which sounds as it, is."""

Boosts = Mapping[str, float]
"""Field → what a match there is multiplied by."""
Rarity = Mapping[str, float]
"""Comparable form of each word of a plan (:attr:`Plan.forms`) → :func:`rarity`."""
BOOSTS: Boosts = {"title": 2.9, "title_words": 3.3, "meta": 2.4, "body": 1.0, "words": 1.4, "asked": 1.2}
"""How much a match counts by where it is: the one table of weights. ``…words`` hold words unstemmed."""
DENSITY = {0.0: 0.55, 0.7: 0.85, 1.0: 1.2, 1.4: 1.65}
"""From how dense on (:func:`density`) → what a word of a text counts for."""
AVERAGE = 160
"""Words of a text of usual length."""
COUNTED = (PUBLIC,)
"""Who may read the documents over which it is counted how rare a word is: what more say would be told."""
ASKING = 4
"""From this many words on, small ones too, the questions that documents answer count: fewer name a thing."""
SENTENCE = 5
"""From this many words on, small ones too, what is typed asks for an answer, not for a thing by its name."""
TITLE_OF_SENTENCE = 0.5
"""What a match in a title is worth to a sentence; neighbours in a title (TOGETHER_TITLE) lose nothing."""
SYNONYM = 0.5
ALIAS_TITLE, ALIAS = 0.1, 0.05
"""Score of an ñ typed as n: below any true match."""
FUZZY_TITLE, FUZZY = 0.6, 0.3
TOGETHER_TITLE, TOGETHER = 1.6, 0.6
"""What two words gain when they stand together as in the query, in order."""
WHOLE = 4.0
"""What a title that has the last word whole counts for, to one where it only begins so, in suggestions."""
TIE = 0.3
COVERED = 5.0
"""What a result gains when it has all terms of the query, and again when it has most of them."""
COVERED_LOOSE = 15.0
"""What it gains by all of them where some are enough: it is one of the few that were asked for."""
PLACE = 10.0
"""What the centre, network and mesas of a city (LISTED_FIRST) gain when its name is all that was typed."""
DEFINED = 6.0
"""What a guide or page gains whose title says what it is (SAYING), when a thing is all that was typed: of
*redip*, or *¿qué es una redip?*, what that is comes before the twenty there are."""
SAYING, DEFINING = (("que", "es"), ("que", "son")), ("guia", "pagina")
KINDS = {"institucion": 0.9, "demanda": 0.9, "tema": 0.9}
"""How much a kind counts, where it is not 1: hardly more than a name, what others want, a place to ask."""
HELPED = 0.03
"""What each step of having served people adds to the weight: 0.15 at most, for sixteen people and more."""
SHORT, DRAWN = 0.02, 0.002
"""What a title of one word adds to the weight, one of two words half of it; and the greatest of draws."""
AGEING = ("recurso", "demanda", "oferta", "acta", "archivo")
"""Kinds of which the new is worth more than the old. A guide is in force or it is not."""
AGED = {90: 0.4, 365: 0.4}
"""Days → what a result of these kinds loses that has not changed since: less than a better place is worth."""
DAY = 86_400_000_000
LAYOUT = 11
"""Counts up when the analysis or the meaning of a stored field changes: older indexes are then built anew."""


def analysed(document: SearchDocument) -> dict[str, str]:
    """Return the indexed text of a document by field, its words separated by spaces."""
    title = analysis.tokens(analysis.clean(document.title))
    named = [document.parent, str(document.label), KIND_NAMES.get(document.kind, "")]
    about = analysis.tokens(analysis.clean(" ".join([*document.keywords, *named])))
    text = analysis.tokens(analysis.clean(f"{document.summary}\n{document.body[:MAX_BODY]}"))
    # A slug writes ñ as n: where the document says the word itself, its slug would make of Ocaña an Ocana.
    said = {analysis.without_enye(word) for word in (*title, *about, *text) if "ñ" in word}
    slugs = analysis.tokens(f"{document.city} {document.theme} {document.route}")
    meta = [*about, *(word for word in slugs if word not in said)]
    titled, headed, body = (list(map(analysis.normal, words)) for words in (title, meta, text))
    acronyms = [word for word in text if word in synonyms().acronyms]
    return {
        "title": " ".join(titled),
        "title_words": " ".join(title),
        "meta": " ".join(headed),
        "body": " ".join(body),
        "any": " ".join(sorted({*titled, *headed, *body})),
        "dense": " ".join(sorted([*dense(body, len(text)), *dense(map(typed, acronyms), len(text))])),
        "words": " ".join([*text, *meta]),
        "asked": " ".join(map(analysis.normal, analysis.tokens(analysis.clean(" ".join(document.asked))))),
        "alias_title": " ".join(analysis.aliases(title)),
        "alias": " ".join(analysis.aliases([*meta, *text])),
        "sound_title": _heard(title),
        "sound": _heard([*meta, *text]),
    }


def _heard(words: Iterable[str]) -> str:
    """Return how the words sound, each once; a small word SMALL."""
    different, small = set(words), stopwords()
    heard = [SMALL + sound for sound in analysis.sounds(different & small)]
    return " ".join(sorted({*heard, *analysis.sounds(different - small)}))


def density(times: int, length: int) -> float:
    """Return how much of a text of ``length`` words one is that stands ``times`` in it, from 0 to 2.2.

    It is what BM25 counts (k1 1.2, b 0.75), with a usual length that is fixed, or hidden documents would
    count in it: Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009.
    """
    return 2.2 * times / (times + 1.2 * (0.25 + 0.75 * length / AVERAGE))


def dense(words: Iterable[str], length: int) -> Iterator[str]:
    """Yield each of some words of a text of that length that it says often, behind its step of DENSITY."""
    steps = list(DENSITY)[1:]
    for word, times in Counter(words).items():
        if step := bisect_right(steps, density(times, length)):
            yield f"{step}{word}"


def typed(acronym: str) -> str:
    """Return how an acronym stands in ``dense``, where it is no stem: *CAS* is not what is left of *casa*."""
    return f"={acronym}"


def worth(word: Word, boosts: Boosts) -> list[tuple[str, str, float]]:
    """Return field, form and worth of each step that a word of a text may have reached; the best counts."""
    least, *steps = DENSITY.values()
    field, form = ("words", word.typed) if word.exact else ("body", word.normal)
    name = typed(form) if word.exact else form
    found = [(field, form, least), *(("dense", f"{at}{name}", gain) for at, gain in enumerate(steps, 1))]
    return [(place, said, boosts[field] * gain) for place, said, gain in found]


def rarity(public: int, having: int) -> float:
    """Return what a word counts for that ``having`` of so many public documents have: BM25's share of it.

    Counted over public documents alone, so that the order of results tells nothing of hidden ones.
    """
    return math.log(1 + (public - having + 0.5) / (having + 0.5))


@dataclass(slots=True)
class Counts:
    """Over how many documents words were counted, and how many of them have each."""

    state: object
    """Of what index, without which late documents."""
    documents: int = 0
    having: dict[str, int] = field(default_factory=dict)

    def rarity(self, words: Iterable[str]) -> Rarity:
        """Return how rare ``words`` are, all of which were counted."""
        return {word: rarity(self.documents, self.having[word]) for word in words}


def boosts(plan: Plan) -> Boosts:
    """Return how much a match counts by where it is, for what was typed."""
    words = len(plan.sequence)
    found = {field: boost for field, boost in BOOSTS.items() if field != "asked" or words >= ASKING}
    if words >= SENTENCE:
        found |= {field: BOOSTS[field] * TITLE_OF_SENTENCE for field in ("title", "title_words")}
    return found


def covered(plan: Plan) -> dict[int, float]:
    """Return how many terms a result gains by having, besides those that it must have, and how much."""
    gains = dict.fromkeys({plan.most, len(plan.terms)} - {plan.minimum}, COVERED)
    return gains | {len(plan.terms): COVERED_LOOSE} if plan.loose and len(plan.terms) > 1 else gains


def place(plan: Plan) -> str:
    """Return the slug of the city whose name the whole query may be."""
    return analysis.without_enye("-".join(plan.sequence))


def spelt(field: str, letters: int) -> float:
    """Return the score of a word so many letters from what was typed: above all the fewest."""
    return 1.0 / letters + (FUZZY_TITLE - FUZZY if field == "title_words" else 0.0)


def stems(boosts: Boosts) -> list[str]:
    """Return those of the fields that hold comparable forms."""
    return [field for field in boosts if not field.endswith("words")]


def weight(document: SearchDocument) -> float:
    """Return what its score is multiplied by: its own weight, that of its kind, how it has served.

    And hardly anything more the shorter its title is, and by its name: of two that are alike the same one is
    first, on any engine and beside any other documents.
    """
    drawn = int.from_bytes(hashlib.blake2b(document.key.encode(), digest_size=4).digest()) / (1 << 32)
    alike = 1 + SHORT / max(1, len(analysis.tokens(document.title))) + DRAWN * drawn
    return document.weight * KINDS.get(document.kind, 1.0) * (1 + HELPED * document.helped) * alike


def listed(document: SearchDocument) -> int:
    """Return what results are sorted by when no word says what is wanted, the greatest first."""
    kind = document.kind
    rank = len(LISTED_FIRST) - LISTED_FIRST.index(kind) if kind in LISTED_FIRST else 0
    return (rank << 53) + document.moment


def aged(request: Request) -> list[tuple[int, float]]:
    """Return before when (microseconds) a result of AGEING kinds was changed last to lose how much."""
    if request.now is None or request.plan.is_empty or request.by_date:
        return []
    return [(request.now - days * DAY, loss) for days, loss in AGED.items()]
