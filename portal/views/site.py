"""Small addresses of the site itself: theme, manifest, robots."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from nucleo.http import without_token

THEME_COOKIE = "tema"
THEMES = ("light", "dark")
YEAR = 31_536_000
PRIVATE_PLACES = ("/admin/", "/cuenta/", "/avisos/", "/buscar/", "/responder/", "/documentos/")


@without_token
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keep the colours the reader chose in a cookie and go back where she was."""
    back = request.POST.get("volver", "/")
    if not url_has_allowed_host_and_scheme(
        back, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        back = "/"
    response = redirect(back)
    chosen = request.POST.get("tema", "")
    if chosen in THEMES:
        response.set_cookie(
            THEME_COOKIE, chosen, max_age=YEAR, samesite="Lax", httponly=True, secure=settings.HTTPS
        )
    else:
        response.delete_cookie(THEME_COOKIE)
    return response


@require_safe
@cache_control(public=True, max_age=3600)
def robots(request: HttpRequest) -> HttpResponse:
    """What search engines should leave alone."""
    lines = ["User-agent: *", *(f"Disallow: {place}" for place in PRIVATE_PLACES)]
    lines += ["", f"Sitemap: {settings.ORIGIN}/sitemap.xml", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=3600)
def manifest(request: HttpRequest) -> JsonResponse:
    """How a phone shows the portal when it is put on its home screen."""
    content = {
        "name": settings.WAGTAIL_SITE_NAME,
        "short_name": "Cemprende",
        "lang": "es-CO",
        "start_url": "/",
        "scope": "/",
        "display": "browser",
        "background_color": "#f2f6f3",
        "theme_color": "#083a3f",
        "icons": [
            {"src": static(f"img/icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png"}
            for size in (192, 512)
        ],
    }
    return JsonResponse(
        content, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False}
    )
