"""Networks and mesas with people inside, for tests."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from typing import Any

import factory
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from django.utils.text import slugify

from directorio.models import ChainLink
from nucleo.uploads import checked
from redip.actions.actas import begin_acta, save_acta, send_acta
from redip.actions.commitments import report_progress
from redip.actions.mesas import send_message, share_file
from redip.enums import MesaRole
from redip.models import Acta, Commitment, Meeting, Mesa, MesaMember, Red
from tests.factories.cuentas import UserFactory
from tests.factories.directorio import CityFactory, InstitutionFactory

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


class RedFactory(factory.django.DjangoModelFactory):
    """A network in its last stage."""

    class Meta:
        model = Red

    city = factory.SubFactory(CityFactory)
    stage = 3


class MesaFactory(factory.django.DjangoModelFactory):
    """A mesa without members."""

    class Meta:
        model = Mesa

    red = factory.SubFactory(RedFactory)
    name = factory.Sequence(lambda n: f"Prueba {n}")
    slug = factory.LazyAttribute(lambda o: slugify(o.name))
    link = ChainLink.MICROFINANCE


class MemberFactory(factory.django.DjangoModelFactory):
    """A plain member of an institution."""

    class Meta:
        model = MesaMember

    mesa = factory.SubFactory(MesaFactory)
    user = factory.SubFactory(UserFactory)
    institution = factory.SubFactory(InstitutionFactory)


class MeetingFactory(factory.django.DjangoModelFactory):
    """A meeting that ended yesterday, with two points."""

    class Meta:
        model = Meeting
        skip_postgeneration_save = True

    mesa = factory.SubFactory(MesaFactory)
    starts_at = factory.LazyFunction(lambda: timezone.now() - dt.timedelta(days=1))
    ends_at = factory.LazyAttribute(lambda o: o.starts_at + dt.timedelta(hours=2))
    place = "Sala de prueba"

    @factory.post_generation
    def points(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        for n, text in enumerate(extracted or ["Leer el acta anterior", "Compromisos"], start=1):
            self.agenda.create(order=n, text=text)


class CommitmentFactory(factory.django.DjangoModelFactory):
    """Something that a member owes in twenty days."""

    class Meta:
        model = Commitment

    member = factory.SubFactory(MemberFactory)
    mesa = factory.LazyAttribute(lambda o: o.member.mesa)
    what = factory.Sequence(lambda n: f"Hacer la prueba {n}")
    until = factory.LazyFunction(lambda: timezone.localdate() + dt.timedelta(days=20))


def cast(mesa: Mesa) -> dict[str, Any]:
    """One person of each role towards ``mesa``; for the truth tables."""
    from django.contrib.auth.models import AnonymousUser

    sister = MesaFactory(red=mesa.red)
    away = MesaFactory()
    secretary, foreign_secretary = UserFactory(), UserFactory()
    mesa.red.secretaries.add(secretary)
    away.red.secretaries.add(foreign_secretary)
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    return {
        "anonymous": AnonymousUser(),
        "account": UserFactory(),
        "staff": UserFactory(is_staff=True),
        "member": MemberFactory(mesa=mesa).user,
        "coordinator": MemberFactory(mesa=mesa, role=MesaRole.COORDINATOR).user,
        "former": MemberFactory(mesa=mesa, joined_on=yesterday, left_on=timezone.localdate()).user,
        "inactive": MemberFactory(mesa=mesa, user__is_active=False).user,
        "sister": MemberFactory(mesa=sister).user,
        "foreigner": MemberFactory(mesa=away).user,
        "secretary": secretary,
        "foreign_secretary": foreign_secretary,
        "operator": UserFactory(is_staff=True, is_superuser=True),
    }


INSIDERS = {"member", "coordinator", "secretary", "operator"}
WRITERS = INSIDERS | {"sister"}
"""Who writes the Bitácora: also members of the network's other mesas."""


def draft_acta(*members: MesaMember, mesa: Mesa | None = None, **meeting: Any) -> Acta:
    """A draft with decisions, of a meeting where ``members`` were."""
    table = mesa or members[0].mesa
    by = members[0].user if members else MemberFactory(mesa=table).user
    acta = begin_acta(meeting=MeetingFactory(mesa=table, **meeting), by=by)
    return save_acta(
        acta=acta,
        by=by,
        revision=acta.revision,
        topics="1. **Ferias.** Se habló de ferias.",
        decisions="1. Reunirse cada mes.",
        members=[member.pk for member in members],
    )


def sent_acta(*members: MesaMember, **fields: Any) -> Acta:
    """An acta that waits for the approval of ``members``."""
    return send_acta(acta=draft_acta(*members, **fields), by=members[0].user)


def office_file(*names: str, mimetype: bytes = b"") -> bytes:
    """A ZIP with parts of these names."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        if mimetype:
            archive.writestr("mimetype", mimetype)
        for name in names:
            archive.writestr(name, "<x/>")
    return buffer.getvalue()


def pdf(name: str = "informe.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    """A small real PDF as a browser sends it."""
    return SimpleUploadedFile(name, content, content_type="application/pdf")


def browser(user: Any) -> Client:
    """A browser where ``user`` is signed in; a visitor's when she has no account."""
    client = Client()
    if user.is_authenticated:
        client.force_login(user)
    return client


def named_parts(response: Any) -> list[str]:
    """The ids that "En esta página" leads to, which are those of the headings, in their order."""
    page = response.content.decode()
    menu = re.search(r'<nav class="contents".*?</nav>', page, re.S)
    assert menu
    linked = re.findall(r'href="#([^"]+)"', menu[0])
    assert linked == re.findall(r'<h2[^>]* id="([^"]+)"', page)
    return linked


class Lived:
    """A mesa with one of each thing inside, all of which say SECRET."""

    SECRET = "Ornitorrinco"

    def __init__(self) -> None:
        word = self.SECRET
        self.seat = MemberFactory(mesa=MesaFactory(name="Ahorro"), role=MesaRole.COORDINATOR)
        self.mesa, by = self.seat.mesa, self.seat.user
        self.acta = draft_acta(self.seat, place=f"Sala {word}", points=[f"Punto {word}"])
        self.acta = save_acta(
            acta=self.acta,
            by=by,
            revision=self.acta.revision,
            topics=f"Tema {word}",
            decisions=f"Decisión {word}",
            members=[self.seat.pk],
        )
        self.meeting = self.acta.meeting
        self.next = MeetingFactory(
            mesa=self.mesa,
            starts_at=timezone.now() + dt.timedelta(days=3),
            place=f"Lugar {word}",
            points=[f"Agenda {word}"],
        )
        self.commitment = CommitmentFactory(member=self.seat, what=f"Promesa {word}")
        self.report = report_progress(
            commitment=self.commitment,
            by=by,
            text=f"Avance {word}",
            percent=30,
            evidence=checked(pdf(f"soporte-{word}.pdf")),
        )
        self.file = share_file(mesa=self.mesa, by=by, upload=checked(pdf(f"archivo-{word}.pdf")))
        self.message = send_message(mesa=self.mesa, by=by, text=f"Mensaje {word}")

    @property
    def pages(self) -> list[str]:
        """Every address inside the mesa that answers to GET."""
        m, a, c = self.mesa.address, self.acta.pk, self.commitment.pk
        return [
            m("commitments"), m("commitments_csv"), m("new_commitment"), m("commitment", c),
            m("evidence", c, self.report.pk), m("actas"), m("acta", a), m("acta_pdf", a), m("edit_acta", a),
            m("new_meeting"), m("meeting", self.meeting.pk), m("meeting", self.next.pk),
            m("meeting_ical", self.next.pk), m("files"), m("file", self.file.pk), m("conversation"),
            m("members"), m("remove", self.seat.pk),
        ]  # fmt: skip

    @property
    def posts(self) -> list[str]:
        """Every address inside the mesa that answers to POST."""
        m, a, n = self.mesa.address, self.acta.pk, self.next.pk
        return [
            m("new_commitment"), m("commitment", self.commitment.pk), m("edit_acta", a), m("send_acta", a),
            m("approve_acta", a), m("ask_change", a), m("new_meeting"), m("answer", n),
            m("begin_acta", self.meeting.pk), m("files"), m("conversation"), m("members"),
            m("remove", self.seat.pk),
        ]  # fmt: skip
