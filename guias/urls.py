"""Addresses of the app."""

from django.urls import URLPattern, URLResolver

app_name = "guias"
urlpatterns: list[URLPattern | URLResolver] = []
