"""Addresses of the app."""

from django.urls import URLPattern, URLResolver, path

from search import views

app_name = "search"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.results, name="results"),
    path("sugerencias/", views.suggestions, name="suggestions"),
    path("sugerencias/navegador/", views.browser_suggestions, name="browser_suggestions"),
    path("elegido/", views.opened, name="opened"),
    path("avisos/", views.awaited, name="awaited"),
    path("opensearch.xml", views.description, name="description"),
]
