"""Groups: asked for by a member, opened by a tutor or an operator, joined, run by who coordinates them."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from comunidad import policies, signals
from comunidad.enums import RESERVED_GROUP_SLUGS, GroupState, MembershipState
from comunidad.models import Group, Membership
from nucleo.policies import require

SLUG_MAX = 70


def _free_slug(name: str) -> str:
    """Return an address for ``name`` that no group has."""
    wanted = slugify(name)[:SLUG_MAX].strip("-") or "grupo"
    taken = set(Group.objects.filter(slug__startswith=wanted).values_list("slug", flat=True))
    taken |= RESERVED_GROUP_SLUGS
    found, number = wanted, 2
    while found in taken:
        found, number = f"{wanted}-{number}", number + 1
    return found


@transaction.atomic
def request_group(*, by: Any, name: str, purpose: str, is_private: bool, token: UUID | None = None) -> Group:
    """Ask for a group; announces ``group_requested``. The same form again gives the same group."""
    require(policies.is_signed_in(by), _("Para pedir un grupo hay que entrar."))
    if token is not None and (sent := Group.objects.filter(requested_by=by, form_token=token).first()):
        return sent
    group = Group.objects.create(
        name=name,
        slug=_free_slug(name),
        purpose=purpose,
        is_private=is_private,
        requested_by=by,
        form_token=token,
    )
    transaction.on_commit(partial(signals.group_requested.send, sender=Group, group=group))
    return group


@transaction.atomic
def open_group(*, group: Group, by: Any) -> bool:
    """Open a group that was asked for; who asked coordinates it. False when it is open. Announces it."""
    found = _locked(group)
    if found.is_open and policies.can_decide(by):
        return False
    require(policies.can_decide_group(by, found), _("Los grupos los abren los tutores."))
    _decide(found, by, GroupState.OPEN)
    if found.requested_by_id is not None:
        Membership.objects.get_or_create(group=found, user=found.requested_by, defaults={"coordinates": True})
    return True


@transaction.atomic
def refuse_group(*, group: Group, by: Any, reason: str) -> bool:
    """Say why a group is not opened; who asked is told. Announces ``group_decided``."""
    found = _locked(group)
    require(policies.can_decide_group(by, found), _("Este grupo ya se decidió."))
    _decide(found, by, GroupState.REFUSED, reason)
    return True


def _decide(group: Group, by: Any, state: GroupState, reason: str = "") -> None:
    group.state, group.refusal = state, reason
    group.decided_by, group.decided_at = by, timezone.now()
    group.save(update_fields=["state", "refusal", "decided_by", "decided_at"])
    transaction.on_commit(partial(signals.group_decided.send, sender=Group, group=group, by=by))


@transaction.atomic
def join(*, group: Group, by: Any) -> Membership:
    """Go into a public group, or ask to be let into a private one; who is in stays in.

    Announces ``joining_asked`` when somebody has to decide.
    """
    kept = Membership.objects.filter(group=group, user=by).first() if policies.is_signed_in(by) else None
    if kept is not None:
        return kept
    require(policies.can_join(by, group), _("Para entrar a un grupo hay que tener una cuenta."))
    state = MembershipState.ASKED if group.is_private else MembershipState.MEMBER
    membership, new = Membership.objects.get_or_create(group=group, user=by, defaults={"state": state})
    if new and state == MembershipState.ASKED:
        transaction.on_commit(partial(signals.joining_asked.send, sender=Membership, membership=membership))
    return membership


@transaction.atomic
def leave(*, group: Group, by: Any) -> bool:
    """Go out of a group, or take back what was asked; what she wrote stays."""
    gone = bool(Membership.objects.filter(group=group, user=by.pk).delete()[0])
    if gone:
        transaction.on_commit(partial(signals.access_changed.send, sender=Group, user_id=by.pk))
    return gone


@transaction.atomic
def let_in(*, membership: Membership, by: Any) -> bool:
    """Let somebody in who asked; false when she is in. Announces ``joining_decided``."""
    if membership.state == MembershipState.MEMBER and policies.can_run_group(by, membership.group):
        return False
    require(policies.can_let_in(by, membership), _("Deja entrar quien coordina el grupo."))
    membership.state, membership.since = MembershipState.MEMBER, timezone.now()
    membership.save(update_fields=["state", "since"])
    transaction.on_commit(
        partial(signals.joining_decided.send, sender=Membership, membership=membership, by=by)
    )
    return True


@transaction.atomic
def take_out(*, membership: Membership, by: Any) -> None:
    """Take a member out, or do not let in who asked; open pages of hers stop hearing of the group."""
    require(policies.can_take_out(by, membership), _("Retira miembros quien coordina el grupo."))
    user_id = membership.user_id
    membership.delete()
    transaction.on_commit(partial(signals.access_changed.send, sender=Group, user_id=user_id))


def _locked(group: Group) -> Group:
    return Group.objects.select_for_update(of=("self",)).get(pk=group.pk)
