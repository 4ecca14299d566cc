"""Addresses of the app."""

from django.urls import URLPattern, URLResolver

app_name = "comunidad"
urlpatterns: list[URLPattern | URLResolver] = []
