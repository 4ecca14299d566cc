"""Addresses of the app."""

from django.urls import URLPattern, URLResolver

app_name = "redip"
urlpatterns: list[URLPattern | URLResolver] = []
