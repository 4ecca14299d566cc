"""The package: choosing it, taking it whole or what changed, and going on where a download broke off."""

from __future__ import annotations

import hashlib
from itertools import chain
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from guias import tasks
from guias.exports.earlier import MAX_DELETE_TOO, Earlier, Manifest, Nothing, Outdated, Since, Token
from guias.exports.package import Package, collect, overview, retired_since
from guias.exports.renewal import goes_on, renewal
from guias.exports.zipped import NotSummed, archive
from guias.forms import MINUTE, ManifestForm, PackageForm, RenewalForm
from guias.models import Download
from guias.views.basket import basket_of
from guias.views.counting import count_package, count_renewed
from guias.views.files import preparing
from nucleo import files
from nucleo.stored_zip import PACKER

SHOWN = 100
"""Guides that the page of the package lets tick; any other comes there from its own page.

Three hundred made a page of 121 kB that took 66 ms (``python -m bench --pages package``)."""


_SOON = gettext_lazy("Los archivos se están preparando. Vuelva a intentarlo en un minuto.")
MAX_COMPRESSED = 16 * 1024 * 1024
"""New bytes that are compressed on their way, for pages and lists. More is PDF, and would cost seconds."""


@require_http_methods(["GET", "HEAD", "POST"])
def package(request: HttpRequest) -> HttpResponse:
    """Let her choose what to take (all, a route, some guides), or bring an earlier package up to date."""
    if request.method == "POST":
        return _bring_up_to_date(request)
    chosen: Any = request.GET
    guides = chosen.getlist("guia") or basket_of(request)
    # Her last package need not have had these guides: a few come whole.
    last = None if guides else Download.objects.last_package_of(request.user)
    since = f"{timezone.localtime(last.at):{MINUTE}}" if last else ""
    initial = {"ruta": chosen.get("ruta", ""), "guia": guides, "desde": since}
    return _choose(request, PackageForm(initial=initial), last=last)


def _choose(
    request: HttpRequest,
    form: PackageForm,
    *,
    upload: ManifestForm | None = None,
    status: int = 200,
    nothing: str = "",
    last: Download | None = None,
) -> HttpResponse:
    chosen = [str(slug) for slug in form["guia"].value() or ()][:SHOWN]
    package = overview(SHOWN, chosen)
    offered = {offer.id for offer in package.offers}
    context = {
        "form": form,
        "upload": upload or ManifestForm(),
        "chosen": chosen,
        "basket": [slug for slug in basket_of(request) if slug in offered],
        "package": package,
        "nothing": nothing,
        "last": last,
    }
    return render(request, "guias/package.html", context, status=status)


def _bring_up_to_date(request: HttpRequest) -> HttpResponse:
    """Send her to the ZIP of what her manifest lacks; its address says it all, so that it can go on."""
    upload = ManifestForm(request.POST, request.FILES)
    if not upload.is_valid():
        return _choose(request, PackageForm(), upload=upload, status=422)
    manifest: Manifest = upload.cleaned_data["manifest"]
    found = collect(manifest.selection)
    _ask_for_missing(found)
    lacking, too = manifest.lacks(found), manifest.has_too(found)
    if not (lacking or too or manifest.has_old(found)):
        return _choose(request, PackageForm(), nothing=_nothing(found, earlier=True))
    if len(too) > MAX_DELETE_TOO:
        upload.add_error(
            "manifest",
            _("Su paquete se parece muy poco al de hoy. Bájelo completo y póngalo en una carpeta nueva."),
        )
        return _choose(request, PackageForm(), upload=upload, status=422)
    words: list[tuple[str, str]] = [("guia", slug) for slug in found.selection.guides]
    if found.selection.route:
        words.append(("ruta", found.selection.route))
    words += [("desde", str(Token.of(found, lacking))), *(("borrar", path) for path in too)]
    return redirect(f"{reverse('guias:download_package')}?{urlencode(words)}")


def _nothing(found: Package, *, earlier: bool) -> str:
    """Return the sentence for when there is nothing to send."""
    if found.preparing:
        return str(_SOON)
    if not earlier:
        return _("Con lo que eligió todavía no hay guías listas para llevar.")
    return _("No hay nada que bajar: no hay guías nuevas, y lo que usted tiene sigue vigente.")


def _ask_for_missing(found: Package) -> None:
    for version, missing in found.preparing:
        tasks.ask_for(version, missing)


@require_http_methods(["GET", "HEAD"])
def download_package(request: HttpRequest) -> HttpResponseBase:
    """Send the ZIP while it is made. Files still missing are asked for, and named inside."""
    form = PackageForm(request.GET)
    if not form.is_valid():
        return _choose(request, form, status=422)
    earlier: Earlier = form.cleaned_data["desde"]
    found = collect(form.selection)
    _ask_for_missing(found)
    try:
        lacking = earlier.lacks(found)
    except Outdated:
        form.add_error(
            "desde", _("Mientras tanto cambió una guía. Suba otra vez el manifest.json de su paquete.")
        )
        return _choose(request, form, status=422)
    if not _is_worth_it(found, earlier, lacking):
        return _choose(request, form, nothing=_nothing(found, earlier=not isinstance(earlier, Nothing)))
    too = form.cleaned_data["borrar"]
    first = isinstance(earlier, Nothing)
    try:
        zipped = archive(found, lacking, too, packed=not first)
    except NotSummed:
        tasks.sum_soon()
        return preparing(request, {})
    name = found.name if first else f"{found.name}-cambios"
    whole = "\n".join([found.fingerprint, *sorted(lacking), *too, *(() if first else (PACKER,))])
    response = files.send(
        request,
        zipped.open,
        size=zipped.size,
        etag=hashlib.sha256(whole.encode()).hexdigest()[:32],
        name=f"{name}.zip",
        content_type="application/zip",
    )
    count_package(request, response, found.with_files_among(lacking))
    return response


@require_POST
def renew_package(request: HttpRequest) -> HttpResponseBase:
    """Send a script what makes today's whole ZIP of an earlier package: the steps, and the bytes it lacks.

    The first line is JSON (``Renewal.recipe``), and after it come the bytes. Who has some of them, since the
    line broke, says which (``marca``) and how many (``van``): the first line then says from where they go on.
    When there is nothing to send, or the manifest is none, the answer is JSON alone: ``dice``, a sentence to
    show.
    """
    upload = RenewalForm(request.POST, request.FILES)
    if not upload.is_valid():
        said = " ".join(str(error) for errors in upload.errors.values() for error in errors)
        return JsonResponse({"dice": said}, status=422)
    manifest: Manifest = upload.cleaned_data["manifest"]
    found = collect(manifest.selection)
    _ask_for_missing(found)
    lacking = manifest.lacks(found)
    if not (lacking or manifest.has_too(found) or manifest.has_old(found)):
        return JsonResponse({"dice": _nothing(found, earlier=True)})
    try:
        steps = renewal(found, manifest)
    except NotSummed:
        tasks.sum_soon()
        return JsonResponse({"dice": str(_SOON)})
    start = steps.rest(upload.cleaned_data["marca"], upload.cleaned_data["van"] or 0)
    told = {"nombre": f"{found.name}.zip", "faltan": len(found.preparing)}
    first = goes_on(start) if start else steps.recipe(**told)
    # Text for whom it passes, which nothing runs and which is compressed on its way.
    kind = "text/plain; charset=utf-8"
    response = files.stream(request, files.even(chain([first], steps.news(start))), content_type=kind)
    if steps.travels <= MAX_COMPRESSED:
        del response["Content-Encoding"]
    if not start:
        count_renewed(request, found, lacking)
    return response


def _is_worth_it(found: Package, earlier: Earlier, lacking: set[str]) -> bool:
    """Whether there is more to send than pages that say the same as hers."""
    if isinstance(earlier, Token):
        return True
    if any(entry.path in lacking for entry in found.entries):
        return True
    return isinstance(earlier, Since) and retired_since(found.selection, earlier.moment)
