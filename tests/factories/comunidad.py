"""Themes, messages and people around them, for tests."""

from __future__ import annotations

from typing import Any

import factory
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from django.utils.text import slugify

from comunidad.actions import groups, posts
from comunidad.enums import Kind
from comunidad.models import Group, Membership, Reply, Resource, Theme
from nucleo.html import render_markdown
from nucleo.uploads import checked
from tests.factories.cuentas import UserFactory

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


class ThemeFactory(factory.django.DjangoModelFactory):
    """A theme that somebody without an account looks after."""

    class Meta:
        model = Theme
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Tema {n}")
    slug = factory.LazyAttribute(lambda o: slugify(o.name))
    tutor_name = "Tutoría de prueba"

    @factory.post_generation
    def tutors(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        self.tutors.set(extracted or [])


class ResourceFactory(factory.django.DjangoModelFactory):
    """A published question."""

    class Meta:
        model = Resource

    theme = factory.SubFactory(ThemeFactory)
    author = factory.SubFactory(UserFactory)
    kind = Kind.QUESTION
    title = factory.Sequence(lambda n: f"¿Pregunta {n}?")
    slug = factory.LazyAttribute(lambda o: Resource.slug_of(o.title, o.kind))
    source = "Un detalle."
    html = factory.LazyAttribute(lambda o: render_markdown(o.source))
    approved_at = factory.LazyFunction(timezone.now)


class ReplyFactory(factory.django.DjangoModelFactory):
    """A published reply; the thread does not count it: use :func:`replied` where that matters."""

    class Meta:
        model = Reply

    resource = factory.SubFactory(ResourceFactory)
    author = factory.SubFactory(UserFactory)
    source = "Una respuesta."
    html = factory.LazyAttribute(lambda o: render_markdown(o.source))
    approved_at = factory.LazyFunction(timezone.now)


class GroupFactory(factory.django.DjangoModelFactory):
    """An open group for members only."""

    class Meta:
        model = Group

    name = factory.Sequence(lambda n: f"Grupo {n}")
    slug = factory.LazyAttribute(lambda o: slugify(o.name))
    purpose = "Probar."
    is_private = True
    state = "abierto"
    requested_by = factory.SubFactory(UserFactory)


class MembershipFactory(factory.django.DjangoModelFactory):
    """A plain member."""

    class Meta:
        model = Membership

    group = factory.SubFactory(GroupFactory)
    user = factory.SubFactory(UserFactory)


def trusted(**fields: Any) -> Any:
    """Somebody whose messages appear at once, since one was published before."""
    user = UserFactory(**fields)
    ResourceFactory(author=user, kind=Kind.NOTE)
    return user


def tutor(theme: Theme) -> Any:
    """Somebody who moderates ``theme``."""
    user = UserFactory()
    theme.tutors.add(user)
    return user


def replied(resource: Resource, **fields: Any) -> Reply:
    """A reply written the way people write it, counted."""
    by = fields.pop("by", None) or trusted()
    return posts.reply(resource=resource, by=by, source=fields.pop("source", "Así se hace."), **fields)


def held(theme: Theme, **fields: Any) -> Resource:
    """The first question of a new member."""
    by = fields.pop("by", None) or UserFactory()
    title = fields.pop("title", "¿Primera pregunta?")
    return posts.post_resource(theme=theme, by=by, kind=Kind.QUESTION, title=title, **fields)


def poll(theme: Theme, *options: str, by: Any = None) -> Resource:
    """A poll, published."""
    return posts.post_resource(
        theme=theme,
        by=by or trusted(),
        kind=Kind.POLL,
        title="¿Qué día?",
        options=options or ("Lunes", "Martes"),
    )


def filed(theme: Theme, *, by: Any = None, **fields: Any) -> Resource:
    """A resource with a file, published."""
    return posts.post_resource(
        theme=theme,
        by=by or trusted(),
        kind=Kind.FILE,
        title="Plantilla",
        upload=checked(pdf("plantilla.pdf")),
        **fields,
    )


def pdf(name: str = "informe.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    """A small real PDF as a browser sends it."""
    return SimpleUploadedFile(name, content, content_type="application/pdf")


def cast(theme: Theme, *, author: Any = None, group: Group | None = None) -> dict[str, Any]:
    """One person of each role towards ``theme`` (and ``group``); for the truth tables."""
    other = ThemeFactory()
    people = {
        "anonymous": AnonymousUser(),
        "new": UserFactory(),
        "member": trusted(),
        "inactive": UserFactory(is_active=False),
        "staff": UserFactory(is_staff=True),
        "tutor": tutor(theme),
        "other_tutor": tutor(other),
        "operator": UserFactory(is_staff=True, is_superuser=True),
    }
    if author is not None:
        people["author"] = author
    if group is not None:
        people["in_group"] = MembershipFactory(group=group).user
        people["asking"] = MembershipFactory(group=group, state="pidio-entrar").user
        people["coordinator"] = MembershipFactory(group=group, coordinates=True).user
    return people


def open_group(**fields: Any) -> Group:
    """A group asked for and opened the way people do it; who asked coordinates it."""
    by = fields.pop("by", None) or UserFactory()
    asked = groups.request_group(
        by=by, name=fields.pop("name", "Grupo pedido"), purpose="Probar.", is_private=True, **fields
    )
    groups.open_group(group=asked, by=UserFactory(is_superuser=True))
    asked.refresh_from_db()
    return asked
