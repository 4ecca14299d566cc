"""Addresses of the notices."""

from django.urls import path

from portal.avisos import views

app_name = "avisos"
urlpatterns = [
    path("", views.index, name="index"),
    path("leidos/", views.read_all, name="read_all"),
    path("<int:pk>/", views.notice, name="notice"),
]
