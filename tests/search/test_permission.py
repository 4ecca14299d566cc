"""What random people find over HTTP equals what the database says they may read, document by document.

Page, API and suggestions are asked by people with and without mesas, secretariats and groups, over documents
that say the same few words; the oracle is plain Python over the rows. No answer may hold a word of a document
that is not for her. Then memberships end, and the very next request finds nothing of theirs.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from comunidad.enums import GroupState, Kind, MembershipState
from comunidad.models import Group, Membership
from nucleo.html import render_markdown
from redip.models import Mesa, MesaFile, MesaMember, Red
from search import rebuilding
from tests.factories.comunidad import GroupFactory, ResourceFactory, ThemeFactory
from tests.factories.cuentas import UserFactory
from tests.factories.redip import PDF, CommitmentFactory, MemberFactory, MesaFactory, RedFactory, draft_acta

pytestmark = pytest.mark.django_db
WORDS = ("ornitorrinco", "xolotlzahual", "kwimbangoro", "zurrufelki")
"""More than two slips away from one another and from every word of the portal's own pages."""
SEEDS = range(3)


@dataclass(frozen=True)
class Paper:
    """A document that was written, and whose it is."""

    kind: str
    id: str
    mark: str
    """A word that nothing else says: whoever sees it has seen the document."""
    words: frozenset[str]
    title: str
    """Empty when the words are not in its title: then nothing suggests it."""
    city: str = ""
    mesa: Mesa | None = None
    group: Group | None = None
    file: MesaFile | None = None


class World:
    """Two networks with two mesas each, three groups, seven people, and what they wrote."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.papers: list[Paper] = []
        self.mesas = [MesaFactory(red=red) for red in (RedFactory(), RedFactory()) for _ in range(2)]
        self.groups = [GroupFactory(is_private=n < 2) for n in range(3)]
        self.theme = ThemeFactory()
        self.people: list[Any] = [UserFactory() for _ in range(5)]
        self.people += [UserFactory(is_staff=True), UserFactory(is_staff=True, is_superuser=True)]
        for person in self.people[:-1]:
            self._seat(person)
        for mesa in self.mesas:
            self._write_in(mesa)
        for group in [*self.groups, None]:
            for _ in range(self.chance.randint(1, 3)):
                self._post(group)

    def _seat(self, person: Any) -> None:
        """Give her some of what one can be; or let her have been it."""
        for mesa in self.mesas:
            draw = self.chance.random()
            if draw < 0.5:
                MemberFactory(mesa=mesa, user=person, left_on=timezone.localdate() if draw < 0.2 else None)
        if self.chance.random() < 0.25:
            self.chance.choice(self.mesas).red.secretaries.add(person)
        for group in self.groups:
            if self.chance.random() < 0.5:
                state = self.chance.choice(
                    [MembershipState.MEMBER, MembershipState.MEMBER, MembershipState.ASKED]
                )
                Membership.objects.create(group=group, user=person, state=state)

    def _say(self) -> tuple[frozenset[str], str, str]:
        """Return words, the mark of a new document, and both as a text."""
        words = self.chance.sample(WORDS, self.chance.randint(1, 3))
        mark = "x" + "".join(self.chance.choices("bcdfghjklmnpqrtvwz", k=11))
        return frozenset(words), mark, f"{' '.join(words)} {mark}"

    def _write_in(self, mesa: Mesa) -> None:
        seat = MemberFactory(mesa=mesa)
        city = mesa.red.city.slug
        # One mesa writes more than a page holds: counts must be right without seeing each document.
        for _ in range(25 if mesa == self.mesas[0] else self.chance.randint(1, 3)):
            words, mark, text = self._say()
            made = CommitmentFactory(member=seat, what=text)
            self.papers.append(Paper("mesa", f"{mesa.pk}-{made.pk}", mark, words, text, city, mesa))
        for _ in range(self.chance.randint(1, 3)):
            words, mark, text = self._say()
            kept = MesaFile(
                mesa=mesa,
                name=f"{text}.txt",
                kind="txt",
                size=len(PDF),
                sha256="0" * 64,
                uploaded_by=seat.user,
            )
            kept.file.save("archivo.txt", ContentFile(PDF), save=False)
            kept.save()
            self.papers.append(Paper("archivo", str(kept.pk), mark, words, kept.name, city, mesa, file=kept))
        words, mark, text = self._say()
        acta = draft_acta(seat)
        acta.topics, acta.topics_html = text, render_markdown(text)
        acta.save()
        self.papers.append(Paper("acta", str(acta.pk), mark, words, "", city, mesa))

    def _post(self, group: Group | None) -> None:
        words, mark, text = self._say()
        author = UserFactory()
        made = ResourceFactory(theme=self.theme, author=author, group=group, title=text, kind=Kind.NOTE)
        self.papers.append(Paper("recurso", str(made.pk), mark, words, text, group=group))

    def may_read(self, person: Any, paper: Paper) -> bool:
        """The oracle: the rows themselves, without a query of the portal's own."""
        if paper.mesa is not None:
            if person is None:
                return False
            sits = any(
                seat.user_id == person.pk and seat.mesa_id == paper.mesa.pk and seat.left_on is None
                for seat in MesaMember.objects.all()
            )
            keeps = Red.secretaries.through.objects.filter(user=person, red=paper.mesa.red_id).exists()
            return sits or keeps or person.is_superuser
        if paper.group is None or not paper.group.is_private:
            return True
        return person is not None and any(
            one.user_id == person.pk
            and one.group_id == paper.group.pk
            and one.state == MembershipState.MEMBER
            for one in Membership.objects.filter(group__state=GroupState.OPEN)
        )


def browser(person: Any) -> Client:
    client = Client()
    if person is not None:
        client.force_login(person)
    return client


def seen_on_the_page(client: Client, word: str) -> tuple[set[str], str]:
    """Return kind:id of all results over all pages, and all that was said."""
    found: set[str] = set()
    said = ""
    for page in range(1, 6):
        response = client.get("/buscar/", {"q": word, "pagina": page})
        assert response.status_code == 200
        text = response.content.decode()
        said += text
        results = re.findall(r'<li class="hit\b[^"]*" data-tipo="([^"]+)" data-id="([^"]+)"', text)
        found |= {f"{kind}:{pk}" for kind, pk in results}
        total = re.search(r'data-total="(\d+)"', text)
        if not total or len(found) >= int(total[1]):
            break
    return found, said


def seen_over_the_api(client: Client, word: str) -> tuple[set[str], dict[str, Any], str]:
    found: set[str] = set()
    said = ""
    first: dict[str, Any] = {}
    address: str | None = f"/api/v1/buscar?q={quote(word)}"
    while address:
        response = client.get(address)
        assert response.status_code == 200
        said += response.content.decode()
        answer = response.json()
        first = first or answer
        found |= {f"{one['tipo']}:{one['id']}" for one in answer["results"]}
        address = answer["next"]
    return found, first, said


def assert_sees_her_own(world: World, person: Any) -> None:
    """Compare all that ``person`` is shown for each word with the oracle."""
    client = browser(person)
    hers = [paper for paper in world.papers if world.may_read(person, paper)]
    hidden = [paper for paper in world.papers if paper not in hers]
    for word in WORDS:
        wanted = [paper for paper in hers if word in paper.words]
        keys = {f"{paper.kind}:{paper.id}" for paper in wanted}
        on_page, said = seen_on_the_page(client, word)
        over_api, answer, more = seen_over_the_api(client, word)
        assert on_page == over_api == keys
        assert answer["count"] == len(keys)
        facets = {
            name: {value["valor"]: value["cuenta"] for value in values}
            for name, values in answer["facets"].items()
        }
        assert facets.get("tipo", {}) == Counter(paper.kind for paper in wanted)
        assert facets.get("ciudad", {}) == Counter(paper.city for paper in wanted if paper.city)

        offered = client.get("/buscar/sugerencias/", {"q": word[:5]})
        titles = {one["titulo"] for one in offered.json()["sugerencias"][:-1]}
        could_be = {paper.title for paper in wanted if paper.title}
        assert titles <= could_be and len(titles) == min(len(could_be), 6)

        everything = (said + more + offered.content.decode()).lower()
        assert [paper.mark for paper in hidden if paper.mark in everything] == []
    for paper in hidden[:4]:  # asked for by its own word, too
        said = "".join(
            client.get(address, {"q": paper.mark[:-1]}).content.decode()
            for address in ("/buscar/", "/api/v1/buscar", "/buscar/sugerencias/")
        )
        assert paper.mark not in said


@pytest.mark.parametrize("seed", SEEDS)
def test_everyone_finds_over_http_what_the_database_lets_her_read(live: Any, seed: int) -> None:
    world = World(seed)
    rebuilding.rebuild()
    for person in [None, *world.people]:
        assert_sees_her_own(world, person)


def test_what_ends_ends_with_the_next_request(live: Any) -> None:
    """Nothing is indexed after the memberships end: the index is late, and nobody sees it."""
    world = World(99)
    person = world.people[0]
    for mesa in world.mesas[:2]:
        seat = MesaMember.objects.filter(mesa=mesa, user=person).first() or MemberFactory(
            mesa=mesa, user=person
        )
        MesaMember.objects.filter(pk=seat.pk).update(left_on=None)
    Red.secretaries.through.objects.filter(user=person).delete()
    Membership.objects.filter(user=person).delete()
    for group in world.groups:
        Membership.objects.create(group=group, user=person)
    rebuilding.rebuild()
    files = [paper.file for paper in world.papers if paper.file and paper.mesa in world.mesas[:2]]
    client = browser(person)
    assert files and all(client.get(one.get_absolute_url()).status_code == 200 for one in files)
    before, _, _ = seen_over_the_api(client, WORDS[0])
    assert_sees_her_own(world, person)

    MesaMember.objects.filter(user=person).update(left_on=timezone.localdate())
    Membership.objects.filter(user=person).delete()
    assert_sees_her_own(world, person)
    after, _, _ = seen_over_the_api(client, WORDS[0])
    assert after < before
    assert {client.get(one.get_absolute_url()).status_code for one in files} == {404}

    MesaMember.objects.filter(user=person, mesa=world.mesas[0]).update(left_on=None)
    assert_sees_her_own(world, person)


def test_a_late_index_shows_nothing_that_became_private(live: Any) -> None:
    """The group closes its doors and the index has not heard of it: the database's word decides."""
    world = World(7)
    rebuilding.rebuild()
    Group.objects.update(is_private=True)
    for paper in world.papers:
        if paper.group is not None:
            paper.group.refresh_from_db()
    for person in [None, *world.people[:3]]:
        for word in WORDS:
            wanted = {
                f"{paper.kind}:{paper.id}"
                for paper in world.papers
                if word in paper.words and world.may_read(person, paper)
            }
            client = browser(person)
            assert seen_over_the_api(client, word)[0] == wanted
            assert seen_on_the_page(client, word)[0] == wanted


def test_while_the_engine_rests_the_papers_of_others_use_up_no_place(
    settings: Any, tmp_path: Path, client: Client
) -> None:
    """Titles come from the database, ten of each kind: hers are among them, however many others have."""
    settings.SEARCH_PLACE = str(tmp_path / "never filled")
    hers, theirs = MesaFactory(), MesaFactory()
    person = MemberFactory(mesa=hers).user
    names = {hers: "ornitorrinco propio", theirs: "ornitorrinco ajeno"}
    for moment, mesa in enumerate([hers, *[theirs] * 25]):
        MesaFile.objects.create(
            mesa=mesa, name=names[mesa], kind="txt", size=1, sha256="0" * 64,
            uploaded_at=timezone.now() + timedelta(seconds=moment),
        )  # fmt: skip
    assert client.get("/api/v1/buscar?q=ornitorrinco").json()["results"] == []
    client.force_login(person)
    answer = client.get("/api/v1/buscar?q=ornitorrinco").json()
    assert answer["descansando"] is True
    assert [one["titulo"] for one in answer["results"]] == ["ornitorrinco propio"]
