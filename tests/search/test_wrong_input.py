"""Whatever is typed or forged: a page or a sentence, no error, no leak, and no more work than a bound."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import quote, quote_from_bytes, urlencode

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict
from django.test import Client
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from search import backends, rebuilding, service
from search.address import MANY, read, write
from search.backends import elastic_query, embedded_query
from search.backends.base import Backend, Request
from search.backends.embedded_store import make_schema
from search.backends.plan import MAX_TERMS, parse, synonyms
from search.documents import PUBLIC
from search.query import MAX_PAGE, Query

pytestmark = pytest.mark.django_db

ADDRESSES = ("/buscar/", "/api/v1/buscar", "/buscar/sugerencias/")
SECRET = "xkvwqz"
MEGABYTE = 1_000_000
CLAUSES = 1000
"""Fewer than the 1024 that the servers take; the embedded engine gets the same query."""
QUESTIONS = 17
"""What one search may ask the engine, and once more for each word that may be a slip."""

FIELD_SYNTAX = [
    "titulo:acta",
    "audience:mesa:1",
    "audience:*",
    "_exists_:audience",
    "*:*",
    "acta AND audience:operador",
    "acta~2",
    "act*",
    "a?ta",
    "/ac.*/",
    "/(a+)+$/",
    "[a TO z]",
    "{a TO *}",
    "acta^1000000",
    "+acta -acta",
    "(((((((((acta",
    "acta)))))",
    "acta || acta && !acta",
    "\\",
    "\\u0061cta",
    '"acta"~5',
    '"""""',
    "«»«»",
    '{"match_all":{}}',
    "'; DROP TABLE search_pin; --",
    "{% now 'Y' %}",
    "${jndi:ldap://x}",
    "../../etc/passwd",
    "(a+)+b" * 30,
    "-" * 400,
    "- - - -",
    "-acta",
    "*" * 200,
    '"' * 399,
    "a " * 400,
    "ñ" * 400,
]
STRANGE = [
    "\u202eatca",
    "\u200f\u202bسلام עולם\u202c",
    "a\u0301" * 150,
    "\u0338" * 300,
    "\ufeffacta",
    "ac\u00adta",
    "ﬃ" * 100,
    "\ufdfa" * 200,
    "İ" * 200,
    "ß" * 300,
    "ǅ",
    "\x00acta\x00",
    "\x1b[31macta",
    "\r\nSet-Cookie: a=b",
    "😀" * 200,
    "\U000e0041cta",
    "ａｃｔａ",
    "٣٤٥",
    "¼½²",
    "𝐚𝐜𝐭𝐚",
    "\ud800",
    "acta\udfff",
    "\x85",
    "\u2028acta\u2029",
]
FORGED = [
    "audience=operador",
    "audience=mesa:1&audience=mesa:2",
    "tokens=mesa:1",
    "user=1",
    "viewer=1",
    "is_superuser=1",
    "filters={}",
    "fuzzy=1",
    "limit=100000",
    "per_page=100000",
    "offset=-1",
    "desde=0000-00-00",
    "desde=9999-12-31",
    "hasta=9999-12-31",
    "hasta=0001-01-01",
    "desde=2026-12-31&hasta=2020-01-01",
    "orden=audience",
    "orden=",
    "tipo=",
    "tipo=mesa%3A1",
    "tipo[]=acta",
    "ciudad=%00",
    "ciudad=*",
    "ciudad=operador",
    "tema=public",
    "ruta=member",
    "q[]=acta",
    "q=acta&q=otra",
    "pagina=1000000000",
    "pagina=-1",
    "pagina=0",
    "pagina=1e9",
    "pagina=%D9%A3",
    "pagina=99999999999999999999999",
    "pagina=NaN",
    "&&&&",
    "====",
    "%",
    "%zz=%zz",
    "q=%ff%fe%fd",
    ";",
    "q",
]

words = st.one_of(
    st.sampled_from(FIELD_SYNTAX + STRANGE),
    st.text(max_size=300),
    st.text(st.characters(categories=["Cc", "Cf", "Cs", "Co", "Mn", "Zs"]), max_size=200),
    st.lists(
        st.sampled_from(["acta", "-acta", '"acta', 'mesa"', "AND", "~2", "*", ":", "sena"]), max_size=60
    ).map(" ".join),
)
values = st.one_of(
    words.map(lambda text: quote(text, errors="surrogatepass")),
    st.binary(max_size=300).map(quote_from_bytes),
    st.sampled_from(FIELD_SYNTAX).map(lambda text: quote((text + " ") * 400)[:20_000]),
)
names = st.sampled_from(
    ["q", "q", "q", "pagina", "tipo", "ciudad", "tema", "ruta", "desde", "hasta", "orden", "audience"]
)
pairs = st.tuples(names, st.one_of(values, st.integers(-(10**12), 10**12).map(str))).map("=".join)
queries = st.lists(st.one_of(pairs, st.sampled_from(FORGED)), min_size=1, max_size=8).map("&".join)


def assert_sane(response: Any, query: str) -> None:
    """A page, or a refusal that says in Spanish what is wrong; small, well formed, nothing secret in it."""
    text = response.content.decode()
    asked = query[:200]
    assert response.status_code == 200 or 400 <= response.status_code < 500, (response.status_code, asked)
    assert len(text) < 400_000, asked
    assert SECRET not in text, asked
    assert "Traceback" not in text
    if "json" in response["Content-Type"]:
        answer = json.loads(text)
        if response.status_code != 200:
            assert answer["detail"] and re.search(r"[a-záéíóúñ]{3} ", answer["detail"]), answer
    else:
        assert text.count("<h1") == 1 and "</html>" in text, asked
        assert "\x00" not in text


@pytest.fixture
def stocked(live: Any, shelf: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Each engine with something that everybody may read, and something that nobody may."""
    monkeypatch.setattr(backends, "current", lambda name="": live)
    for number in range(25):
        shelf.add(f"Acta {number} de la mesa", audience=frozenset({PUBLIC}), body="Compromiso del SENA.")
    shelf.add(f"Acta {SECRET}", audience=frozenset({"mesa:1", "operador"}), body=SECRET, city="cali")
    rebuilding.rebuild()
    return live


@hypothesis_settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(query=queries)
@example(query="&".join(f"ciudad=c{n}" for n in range(500)))
@example(query="&".join(f"x{n}=1" for n in range(5000)))
def test_no_address_breaks_it(stocked: Any, client: Client, query: str) -> None:
    for address in ADDRESSES:
        assert_sane(client.get(address, QUERY_STRING=query), query)


def test_no_known_trick_works(stocked: Any, client: Client) -> None:
    for text in FIELD_SYNTAX + STRANGE:
        query = "q=" + quote(text, errors="surrogatepass")
        for address in ADDRESSES:
            response = client.get(address, QUERY_STRING=query)
            assert response.status_code == 200, (address, text)
            assert_sane(response, query)


def test_no_forged_parameter_widens_or_breaks_it(stocked: Any, client: Client) -> None:
    for forged in FORGED:
        for address in ADDRESSES:
            assert_sane(client.get(address, QUERY_STRING=f"q={SECRET[:5]}&{forged}"), forged)
            assert_sane(client.get(address, QUERY_STRING=forged), forged)


PIECES = [
    "a",
    "acta ",
    "a" * 39 + " ",
    "%00",
    "%F0%9F%98%80",
    "%ff",
    "%22acta%20",
    "-x%20",
    "%CC%81",
    "ñ",
    "&q=a",
]


def test_a_megabyte_is_a_page_that_does_not_repeat_it(stocked: Any, client: Client) -> None:
    for piece in PIECES:
        text = (quote(piece, safe="%&=") * (MEGABYTE // len(piece) + 1))[:MEGABYTE]
        for address in ADDRESSES:
            response = client.get(address, QUERY_STRING="q=" + text)
            assert_sane(response, text)
            assert len(response.content) < 100_000


def test_deep_pages_are_the_last_one(stocked: Any, client: Client) -> None:
    for page in (2, MAX_PAGE, 10**9, 10**11, 10**40):
        html = client.get(f"/buscar/?q=acta&pagina={page}")
        assert_sane(html, str(page))
        assert html.content.count(b'<li class="hit ') == 5
        answer = client.get(f"/api/v1/buscar?q=acta&pagina={page}").json()
        assert answer["count"] == 25 and answer["next"] is None


# --- A bound on the work -------------------------------------------------------------------------
def clauses(query: Any) -> int:
    """Count what the server has to look up for a query; words near a word are one clause, however many."""
    if isinstance(query, list):
        return sum(map(clauses, query))
    if not isinstance(query, dict):
        return 0
    count = 0
    for name, inside in query.items():
        if name in {"term", "match_all", "terms", "range", "prefix", "match_phrase", "fuzzy"}:
            count += 1
        else:
            count += clauses(inside)
    return count


class Counting:
    """The embedded engine's queries, counted as they are made."""

    def __init__(self, real: Any) -> None:
        self._real, self.made = real, 0

    def __getattr__(self, name: str) -> Any:
        self.made += name in {"term_query", "phrase_query", "fuzzy_term_query", "all_query"}
        return getattr(self._real, name)


GREEDY = [
    " ".join(list(dict.fromkeys(key[0] for key in synonyms().groups if len(key) == 1))[at : at + 40])
    for at in range(0, 200, 12)
]
"""Words with synonyms, as many as are read."""


@hypothesis_settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    text=st.one_of(
        words, st.sampled_from(GREEDY), st.sampled_from(GREEDY).map(lambda t: f'-mesa "capital semilla" {t}')
    )
)
def test_a_query_has_a_bounded_number_of_clauses(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    editors = tuple(f"semilla, sinónimo{n}, otro sinónimo{n}, tercer sinónimo{n}" for n in range(50))
    for plan in (parse(text), replace(parse(text, editors), loose=True)):
        assert len(plan.terms) <= MAX_TERMS and len(plan.excluded) <= MAX_TERMS
        rarity = dict.fromkeys(plan.forms, 1.0)
        assert clauses(elastic_query.text_query(plan, rarity, fuzzy=True).to_dict()) <= CLAUSES
        with monkeypatch.context() as patched:
            counting = Counting(embedded_query.Q)
            patched.setattr(embedded_query, "Q", counting)
            embedded_query.text_query(make_schema(), plan, rarity, fuzzy=True)
        assert counting.made <= CLAUSES


class Asked:
    """An engine that counts what it is asked."""

    def __init__(self, engine: Backend) -> None:
        self._engine, self.questions = engine, 0

    def search(self, request: Request) -> Any:
        assert len(request.filters.get("city", ())) <= MANY and request.limit <= 200
        assert request.offset <= MAX_PAGE * request.limit
        self.questions += 1
        return self._engine.search(request)

    def __getattr__(self, name: str) -> Any:
        self.questions += name in {"suggest", "spelt"}
        return getattr(self._engine, name)


SLIPS = (
    "kzxw qpfh wvnm plkj hgfd asdf qwer zxcv",
    "compromizzo orientazzion microfinansaz emprendimentho sekretarria formalisassion",
    " ".join(
        f"{word}{word[::-1]}" for word in ("tierra", "carpeta", "ventana", "palabra", "semana", "montaje")
    ),
    " ".join(f"acta{number * 'e'}n" for number in range(1, 13)),
)


def test_a_search_asks_the_engine_a_bounded_number_of_times(
    stocked: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for text in [*FIELD_SYNTAX, *STRANGE, *GREEDY[:3], *SLIPS]:
        text = text.encode("utf-8", "replace").decode()[:200]
        for cities in ((), ("cali",)):
            asked = Asked(stocked)
            monkeypatch.setattr(backends, "current", lambda name="", asked=asked: asked)
            service.search(Query(text=text, cities=cities), AnonymousUser())
            slips = sum(word.edits > 0 for word in parse(text).words)
            assert asked.questions <= QUESTIONS + slips, (text, asked.questions)


def neighbours(word: str) -> Iterator[str]:
    """Words one letter away."""
    for at in range(len(word)):
        for letter in "abcdefghijklmnopqrstuvwxyz":
            yield word[:at] + letter + word[at + 1 :]
            yield word[:at] + letter + word[at:]


def test_a_vocabulary_full_of_near_words_does_not_stop_a_long_query(live: Any, shelf: Any) -> None:
    """Each word of the query has hundreds of near ones: a server refuses a query that unfolds too far."""
    asked = [
        *("compromiso", "orientacion", "microfinanzas", "emprendimiento", "secretaria", "formalizacion"),
        *("territorial", "convocatoria", "capacitacion", "directorio", "bitacoras", "proveedores"),
    ]
    for word in asked:
        near = sorted(set(neighbours(word)) - {word})
        for at in range(0, len(near), 100):
            shelf.add(
                f"Fila {word[:3]} {at}", audience=frozenset({PUBLIC}), body=" ".join(near[at : at + 100])
            )
    rebuilding.rebuild()
    text = " ".join(word[:-2] + "xq" for word in asked)
    for size in (1, 2, 3, 6, 12):
        for loose in (False, True):
            plan = replace(parse(" ".join(text.split()[:size])), loose=loose)
            live.search(Request(plan=plan, audience=[PUBLIC], fuzzy=True))
    for size in (1, 12):
        plan = parse(" ".join(asked[:size]))
        assert live.search(Request(plan=replace(plan, loose=True), audience=[PUBLIC], fuzzy=True)).total > 0


def test_long_addresses_are_written_back_short() -> None:
    query = read(QueryDict(urlencode({"q": "a" * 10_000, "ciudad": ["b" * 80] * 90}, doseq=True)))
    assert len(write(query)) < 4_000
