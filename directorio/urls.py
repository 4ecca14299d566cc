"""Addresses of the app."""

from django.urls import URLPattern, URLResolver

app_name = "directorio"
urlpatterns: list[URLPattern | URLResolver] = []
