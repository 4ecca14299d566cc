"""Addresses of the directory: five lists, their exports and an entry page for each thing."""

from django.urls import URLPattern, URLResolver, path, re_path

from directorio import views

app_name = "directorio"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    re_path(
        r"^(?P<name>centros|instituciones|oferta|proveedores|demanda)\.(?P<format>csv|xlsx|geojson)$",
        views.export,
        name="export",
    ),
    path("sugerencias/instituciones/", views.suggested_institutions, name="suggested_institutions"),
    path("centros/", views.centers, name="centers"),
    path("centros/<slug:slug>/", views.center, name="center"),
    path("instituciones/", views.institutions, name="institutions"),
    path("instituciones/<slug:slug>/", views.institution, name="institution"),
    path("oferta/", views.offers, name="offers"),
    path("oferta/<slug:slug>/", views.offer, name="offer"),
    path("proveedores/", views.suppliers, name="suppliers"),
    path("proveedores/<slug:slug>/", views.supplier, name="supplier"),
    path("demanda/", views.demands, name="demands"),
    path("demanda/<slug:slug>/", views.demand, name="demand"),
]
