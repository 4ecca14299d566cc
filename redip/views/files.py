"""Files of a mesa: the list, sharing one, taking one away."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from nucleo import files as sending
from nucleo.pagination import paginate
from nucleo.ratelimit import rate_limited
from nucleo.uploads import TYPES
from redip.actions.mesas import share_file
from redip.forms import FileForm
from redip.models import Mesa, MesaFile
from redip.tables import file_row
from redip.views.lookup import find_in, inside, show
from redip.views.presenting import around


@require_http_methods(["GET", "HEAD", "POST"])
@rate_limited("redip-file", limit=40, seconds=600)
@inside
def files(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """List the files, the last first, and share one."""
    sent = request.method == "POST"
    form = FileForm(request.POST, request.FILES) if sent else FileForm()
    if sent and form.is_valid():
        shared = share_file(
            mesa=mesa, by=request.user, upload=form.cleaned_data["file"], name=form.cleaned_data["name"]
        )
        messages.success(request, _("La mesa ya puede abrir «%(name)s».") % {"name": shared.name})
        return redirect(mesa.address("files"))
    shared_files = MesaFile.objects.visible_to(request.user).filter(mesa=mesa).select_related("uploaded_by")
    page = paginate(shared_files, request.GET.get("pagina"))
    for row in page.object_list:
        row.mesa = mesa
    context = {
        **around(mesa, "files"),
        "form": form,
        "page": page,
        "rows": [file_row(row) for row in page.object_list],
    }
    return show(request, "files", context, wrong=form.is_bound)


@require_safe
@inside
def file(request: HttpRequest, mesa: Mesa, pk: int) -> HttpResponseBase:
    """Send a file under the name that the mesa gave it, with its real type at the end."""
    found = find_in(mesa, MesaFile.objects.visible_to(request.user), pk)
    stored = found.file
    ending = f".{found.kind}"
    known = found.name.lower().endswith((ending, ".jpeg") if found.kind == "jpg" else ending)
    return sending.send(
        request,
        sending.opener(stored),
        size=found.size,
        etag=found.sha256,
        name=found.name if known else f"{found.name}{ending}",
        content_type=TYPES.get(found.kind, "application/octet-stream"),
        inline=sending.reads_at_page(request, found.kind),
    )
