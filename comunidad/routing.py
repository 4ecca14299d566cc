"""Addresses of the app's sockets."""

from django.urls import URLPattern, URLResolver, path

from comunidad.realtime.consumers import LiveConsumer

websocket_urlpatterns: list[URLPattern | URLResolver] = [
    path("ws/comunidad/", LiveConsumer.as_asgi()),
]
