"""Every address of the site, in the order of the contract; Wagtail's pages come last."""

from django.conf import settings
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from guias.views import learning, paper
from portal.api import api, nowhere
from portal.feeds import FEEDS
from portal.views import (
    agenda,
    components,
    indicators,
    media,
    offline,
    operations,
    responding,
    site,
    sitemap,
    writing,
)

urlpatterns = [
    path("guias/", include("guias.urls")),
    path("q/", paper.ask, name="paper"),
    re_path(r"^[qQ]/(?P<code>[^/]{1,64})/?$", paper.code, name="paper_code"),
    path("directorio/", include("directorio.urls")),
    path("redip/", include("redip.urls")),
    path("comunidad/", include("comunidad.urls")),
    path("buscar/", include("search.urls")),
    path("agenda/", agenda.agenda, name="agenda"),
    path("agenda.ics", agenda.ical, name="agenda_ical"),
    path("indicadores/", indicators.indicators, name="indicators"),
    path("indicadores.csv", indicators.indicators_csv, name="indicators_csv"),
    path("avisos/", include("portal.avisos.urls")),
    path("cuenta/guardadas/", offline.saved, name="saved_guides"),
    path("cuenta/formacion/", learning.mine, name="own_learning"),
    path("cuenta/", include("portal.cuentas.urls")),
    path("responder/", responding.lost, name="links_lost"),
    path("responder/<slug:token>/", responding.respond, name="respond"),
    re_path(r"^responder/(?P<token>.{0,200})$", responding.respond),
    path("tema/", site.theme, name="theme"),
    path("vista-previa/", writing.preview, name="preview"),
    *(path(f"feeds/{name}.atom", feed, name=f"feed_{name}") for name, feed in FEEDS.items()),
    path("sitemap.xml", sitemap.sitemap, name="sitemap"),
    path("sitemap-<slug:name>-<int:page>.xml", sitemap.section, name="sitemap_section"),
    path("sw.js", offline.service_worker, name="service_worker"),
    path("sin-conexion/", offline.offline, name="offline"),
    path("robots.txt", site.robots, name="robots"),
    path("manifest.webmanifest", site.manifest, name="manifest"),
    path("api/v1/", api.urls),
    re_path(r"^api/(?P<rest>.*)$", nowhere),
    *([path("componentes/", components.components, name="components")] if settings.DEBUG else []),
    path("healthz", operations.healthz, name="healthz"),
    path("readyz", operations.readyz, name="readyz"),
    path("metrics", operations.metrics_page, name="metrics"),
    path("admin/account/", RedirectView.as_view(pattern_name="account_profile")),
    path("admin/", include(wagtailadmin_urls)),
    path("documentos/<int:pk>/<path:name>", media.document),
    path("documentos/", include(wagtaildocs_urls)),
    path("media/images/<path:name>", media.picture, name="picture"),
    path("", include(wagtail_urls)),
]

handler400 = "portal.views.errors.bad_request"
handler403 = "portal.views.errors.forbidden"
handler404 = "portal.views.errors.not_found"
handler429 = "portal.views.errors.too_many_requests"
handler500 = "portal.views.errors.server_error"
