"""A person's notices: the list, and marking as read (only a POST does)."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nucleo.pagination import paginate
from portal.avisos import actions
from portal.avisos.models import Notice


@never_cache
@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """New ones first, then what was read."""
    notices = Notice.objects.visible_to(request.user)
    fresh = list(notices.unread()[:100])
    page = paginate(notices.exclude(read_at=None), request.GET.get("pagina"), per_page=30)
    return render(request, "avisos/index.html", {"fresh": fresh, "page": page})


@login_required
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark everything as read."""
    actions.mark_read(user=request.user)
    return redirect("avisos:index")


@login_required
@require_http_methods(["GET", "POST"])
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Go where a notice leads; by POST it is marked as read first."""
    found = get_object_or_404(Notice.objects.visible_to(request.user), pk=pk)
    if request.method == "POST":
        actions.mark_read(user=request.user, pk=pk)
    return redirect(found.url)
