"""Groups: the list, asking for one, its page, going in and out, and who lets whom in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comunidad import policies
from comunidad.actions import groups as actions
from comunidad.enums import GroupState, MembershipState
from comunidad.forms import GroupForm, ReasonForm
from comunidad.models import Group, Membership, Resource
from comunidad.tables import person_sub, rows
from comunidad.views.gates import posting, signed_in, touching
from nucleo.pagination import paginate
from nucleo.policies import require


def _find(request: HttpRequest, slug: str) -> Group:
    return get_object_or_404(Group.objects.visible_to(request.user), slug=slug)


@require_safe
def groups(request: HttpRequest) -> HttpResponse:
    """Show the groups, first those the person is in, then what she asked for."""
    user: Any = request.user
    found = list(Group.objects.visible_to(user).exclude(state=GroupState.REFUSED).with_counts())
    mine: dict[int, str] = {}
    if policies.is_signed_in(user):
        mine = dict(Membership.objects.filter(user=user).values_list("group", "state"))
    context = {
        "mine": [one for one in found if mine.get(one.pk) == MembershipState.MEMBER],
        "open": [one for one in found if one.is_open and mine.get(one.pk) != MembershipState.MEMBER],
        "asked": [one for one in found if one.state == GroupState.REQUESTED],
    }
    return render(request, "comunidad/groups.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@posting
def request_group(request: HttpRequest) -> HttpResponse:
    """Ask for a group."""
    form = GroupForm(request.POST or None)
    if form.is_valid():
        group = actions.request_group(
            by=request.user,
            name=form.cleaned_data["nombre"],
            purpose=form.cleaned_data["para_que"],
            is_private=form.cleaned_data["privado"],
            token=form.token,
        )
        messages.success(request, _("Lo pedimos. Le avisamos cuando lo abran."))
        return redirect(group)
    return render(
        request, "comunidad/request_group.html", {"form": form}, status=422 if form.is_bound else 200
    )


@require_safe
def group(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a group: what it is for; to who may read it also what is published and who is in."""
    found = _find(request, slug)
    user: Any = request.user
    reads = policies.can_read_group(user, found)
    seen = Resource.objects.visible_to(user).filter(group=found).newest_first().with_people()
    page = paginate(seen, request.GET.get("pagina"))
    runs = policies.can_run_group(user, found)
    people = found.memberships.filter(user__is_active=True).select_related("user__city")
    mine = people.filter(user=user.pk).first() if policies.is_signed_in(user) else None
    context = {
        "group": found,
        "reads": reads,
        "page": page,
        "rows": rows(page.object_list, with_theme=True, with_group=False),
        "members": [_person(row, user) for row in people if row.state == MembershipState.MEMBER]
        if mine or runs
        else [],
        "asking": [_person(row, user) for row in people if row.state == MembershipState.ASKED]
        if runs
        else [],
        "runs": runs,
        "mine": mine,
        "is_in": mine is not None and mine.state == MembershipState.MEMBER,
        "can_join": policies.can_join(user, found),
        "decides": policies.can_decide_group(user, found),
    }
    response = render(request, "comunidad/group.html", context)
    if found.is_private or not found.is_open:
        response["X-Robots-Tag"] = "noindex"
    return response


def _person(row: Membership, user: Any) -> dict[str, Any]:
    return {
        "pk": row.pk,
        "name": str(row.user),
        "sub": person_sub(row.user),
        "role": _("Coordina") if row.coordinates else "",
        "is_me": row.user_id == user.pk,
    }


@require_POST
@touching
def join(request: HttpRequest, slug: str) -> HttpResponse:
    """Go in, or ask to."""
    found = _find(request, slug)
    if not request.user.is_authenticated:
        return redirect_to_login(found.get_absolute_url())
    membership = actions.join(group=found, by=request.user)
    if membership.state == MembershipState.MEMBER:
        messages.success(request, _("Ya está en el grupo."))
    else:
        messages.info(request, _("Pedimos su entrada. Le avisamos cuando quien coordina responda."))
    return redirect(found)


@require_POST
@touching
def leave(request: HttpRequest, slug: str) -> HttpResponse:
    """Go out."""
    found = _find(request, slug)
    if not request.user.is_authenticated:
        return redirect_to_login(found.get_absolute_url())
    if actions.leave(group=found, by=request.user):
        messages.success(request, _("Ya no está en el grupo. Lo que escribió se queda."))
    return redirect(found)


@require_POST
@touching
def open_group(request: HttpRequest, slug: str) -> HttpResponse:
    """Open what was asked for."""
    found = _find(request, slug)
    if not request.user.is_authenticated:
        return redirect_to_login(found.get_absolute_url())
    if actions.open_group(group=found, by=request.user):
        messages.success(request, _("El grupo quedó abierto. Lo coordina quien lo pidió."))
    return redirect(found)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@touching
def refuse_group(request: HttpRequest, slug: str) -> HttpResponse:
    """Say why it is not opened."""
    found = _find(request, slug)
    require(policies.can_decide_group(request.user, found), _("Este grupo ya se decidió, o no le toca."))
    form = ReasonForm(request.POST or None)
    form.fields["motivo"].help_text = _("Lo lee quien pidió el grupo.")
    if form.is_valid():
        actions.refuse_group(group=found, by=request.user, reason=form.cleaned_data["motivo"])
        messages.success(request, _("Quedó dicho. Quien lo pidió recibe el motivo."))
        return redirect("comunidad:queue")
    context = {"group": found, "form": form}
    return render(request, "comunidad/refuse_group.html", context, status=422 if form.is_bound else 200)


@require_POST
@touching
def member(request: HttpRequest, slug: str, pk: int, verb: str) -> HttpResponse:
    """Let somebody in who asked (``aceptar``), or take somebody out (``retirar``)."""
    if verb not in ("aceptar", "retirar"):
        raise Http404
    found = _find(request, slug)
    if not request.user.is_authenticated:
        return redirect_to_login(found.get_absolute_url())
    require(policies.can_run_group(request.user, found), _("Lo hace quien coordina el grupo."))
    row = get_object_or_404(Membership.objects.select_related("group", "user"), group=found, pk=pk)
    if verb == "aceptar":
        actions.let_in(membership=row, by=request.user)
        messages.success(request, _("%(name)s ya está en el grupo.") % {"name": row.user})
    else:
        actions.take_out(membership=row, by=request.user)
        messages.success(request, _("%(name)s ya no está en el grupo.") % {"name": row.user})
    return redirect(found)
