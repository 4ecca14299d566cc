"""Loads the themes with those who tutor them, as public facts, and messages of demonstration accounts.

Idempotent: a message is known by the key that the file gives it; one that is there stays as it is. What it
must not do is put words in the mouth of a real person: tutors without an account write nothing here.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import yaml
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from comunidad.actions.counts import recount_reactions, recount_replies
from comunidad.enums import GroupState, Kind, MembershipState, ModerationVerb, PostState
from comunidad.models import (
    Flag,
    Follow,
    Group,
    Membership,
    ModerationEntry,
    PollOption,
    Reaction,
    Reply,
    Resource,
    ResourceFile,
    Revision,
    Theme,
    Vote,
)
from comunidad.models.posts import about
from guias.models import Guide
from nucleo.html import render_markdown
from portal.demo import archivos
from search import outbox

DATA = Path(__file__).parent / "data"
KEYS = UUID("6f1f5f0e-5f62-4b57-9d5e-0c2f0a7b3c11")
TUTORED = "Empleabilidad"
"""The theme that the demonstration's tutor looks after."""
HOUR = 3600


def _rows(file: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = yaml.safe_load((DATA / file).read_text(encoding="utf-8"))
    return rows


@transaction.atomic
def load(users: dict[str, Any]) -> None:
    """Load themes, groups and messages; again changes nothing."""
    _themes(users)
    _groups(users)
    for row in _rows("comunidad_mensajes.yaml"):
        if not Resource.objects.filter(form_token=_key(row["clave"])).exists():
            _Message(row, users).load()


def _key(name: str) -> UUID:
    return uuid5(KEYS, name)


def _before(text: int | str) -> dt.datetime:
    """Return the moment ``5`` (days) or ``3h`` before now."""
    written = str(text)
    hours = int(written[:-1]) if written.endswith("h") else int(written) * 24
    return timezone.now() - dt.timedelta(seconds=hours * HOUR + 17 * 60)


def _themes(users: dict[str, Any]) -> None:
    for order, row in enumerate(_rows("comunidad.yaml"), start=1):
        theme, _new = Theme.objects.update_or_create(
            slug=slugify(row["tema"]),
            defaults={
                "name": row["tema"],
                "description": row["sobre"],
                "route": row.get("ruta", ""),
                "icon": row["dibujo"],
                "order": order * 10,
                "tutor_name": row["tutor"],
            },
        )
        if theme.name == TUTORED:
            theme.tutors.add(users["tutora"])
        outbox.queue("tema", theme.pk)


def _groups(users: dict[str, Any]) -> None:
    for row in _rows("comunidad_grupos.yaml"):
        asked = bool(row.get("pedido"))
        group, new = Group.objects.get_or_create(
            slug=slugify(row["nombre"]),
            defaults={
                "name": row["nombre"],
                "purpose": row["para_que"],
                "is_private": row["privado"],
                "requested_by": users[row["de"]],
                "state": GroupState.REQUESTED if asked else GroupState.OPEN,
                "requested_at": _before(2 if asked else 40),
            },
        )
        if not new or asked:
            continue
        Membership.objects.create(group=group, user=users[row["de"]], coordinates=True)
        for name in row.get("miembros", []):
            Membership.objects.create(group=group, user=users[name])
        for name in row.get("piden", []):
            Membership.objects.create(group=group, user=users[name], state=MembershipState.ASKED)


class _Message:
    """One resource of the file with all that hangs on it."""

    def __init__(self, row: dict[str, Any], users: dict[str, Any]) -> None:
        self.row = row
        self.users = users

    def load(self) -> None:
        """Write it, and what others did with it."""
        row, at = self.row, _before(self.row["hace"])
        self.resource = Resource.objects.create(
            theme=Theme.objects.get(name=row["tema"]),
            group=Group.objects.get(name=row["grupo"]) if row.get("grupo") else None,
            kind=Kind(row["clase"]),
            title=row["titulo"],
            slug=Resource.slug_of(row["titulo"], row["clase"]),
            form_token=_key(row["clave"]),
            **self._about_chapter(),
            **self._post(row, at),
        )
        self._corrections()
        self._poll()
        if row.get("archivo"):
            self._file(row["archivo"])
        for number, reply in enumerate(row.get("respuestas", []), start=1):
            self._reply(reply, number)
        for name in {row["de"], *row.get("siguen", [])}:
            Follow.objects.create(user=self.users[name], resource=self.resource)
        if row.get("retirado"):
            self._hide(self.resource, row["retirado"], row["por"])
        self.resource.is_frequent = bool(row.get("frecuente"))
        self.resource.save()
        recount_replies(self.resource)
        outbox.queue("recurso", self.resource.pk)

    def _post(self, row: dict[str, Any], at: dt.datetime) -> dict[str, Any]:
        """Return what every message has; those of who just registered wait for approval."""
        waits = row["de"] == "nueva"
        return {
            "author": self.users[row["de"]],
            "source": row.get("texto", "").strip(),
            "html": render_markdown(row.get("texto", "").strip()),
            "created_at": at,
            "updated_at": at,
            "state": PostState.HELD if waits else PostState.VISIBLE,
            "approved_at": None if waits else at,
        }

    def _about_chapter(self) -> dict[str, str]:
        guide = Guide.objects.filter(slug=self.row.get("guia", "")).first()
        chapter = guide.current.chapter(self.row["capitulo"]) if guide and guide.current else None
        if guide is None or chapter is None:
            return {}
        return {"about_url": f"{guide.get_absolute_url()}{chapter.slug}/", "about_label": chapter.title}

    def _corrections(self) -> None:
        for row in self.row.get("correcciones", []):
            post, at = self.resource, _before(row["hace"])
            Revision.objects.create(
                **about(post),
                number=post.revision,
                title=post.title,
                source=post.source,
                written_by=post.edited_by or post.author,
                written_at=post.edited_at or post.created_at,
            )
            post.source, post.html = row["texto"].strip(), render_markdown(row["texto"].strip())
            post.revision += 1
            post.edited_by, post.edited_at, post.updated_at = self.users[row["de"]], at, at

    def _poll(self) -> None:
        options = [
            PollOption.objects.create(resource=self.resource, order=n, text=text)
            for n, text in enumerate(self.row.get("opciones", []), start=1)
        ]
        for name, number in self.row.get("votos", {}).items():
            Vote.objects.create(resource=self.resource, option=options[number - 1], user=self.users[name])

    def _file(self, name: str) -> None:
        upload = archivos.upload(name)
        kept = ResourceFile(
            resource=self.resource, name=name, kind=upload.kind, size=upload.size, sha256=upload.sha256
        )
        kept.file.save(upload.safe_name, upload.file, save=False)
        kept.save()

    def _reply(self, row: dict[str, Any], number: int) -> None:
        at = _before(row["hace"])
        reply = Reply.objects.create(
            resource=self.resource, form_token=_key(f"{self.row['clave']}-{number}"), **self._post(row, at)
        )
        for name in row.get("sirvio", []):
            Reaction.objects.create(reply=reply, user=self.users[name])
        recount_reactions(reply)
        Follow.objects.get_or_create(user=self.users[row["de"]], resource=self.resource)
        if row.get("aceptada"):
            post = self.resource
            post.accepted, post.accepted_at = reply, at + dt.timedelta(hours=2)
            post.accepted_by = self.users[row["aceptada"]]
        if row.get("retirada"):
            self._hide(reply, row["retirada"], row["por"])
        if flag := row.get("avisada"):
            Flag.objects.create(
                reply=reply,
                user=self.users[flag["por"]],
                reason=flag["razon"],
                note=flag["nota"],
                at=at + dt.timedelta(days=1),
            )

    def _hide(self, post: Any, reason: str, by: str) -> None:
        ModerationEntry.objects.create(
            by=self.users[by],
            verb=ModerationVerb.HIDE,
            reason=reason,
            before=PostState.VISIBLE,
            after=PostState.HIDDEN,
            at=post.created_at + dt.timedelta(hours=5),
            **about(post),
        )
        post.state, post.hidden_reason = PostState.HIDDEN, reason
        post.save()
