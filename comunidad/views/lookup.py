"""Finding what an address names, for who asks; what she may not read is not found."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from comunidad.models import Reply, Resource, Theme


def find_theme(request: HttpRequest, slug: str) -> Theme:
    """Return a theme by its address."""
    return get_object_or_404(Theme.objects.visible_to(request.user), slug=slug)


def find_resource(request: HttpRequest, theme: str, pk: int) -> Resource:
    """Return a resource that the person may read, with theme, group and author."""
    found = Resource.objects.visible_to(request.user).with_people()
    return get_object_or_404(found, theme__slug=theme, pk=pk)


def find_post(request: HttpRequest, theme: str, pk: int, reply: int | None) -> Any:
    """Return a resource, or one of its replies, that the person may read."""
    resource = find_resource(request, theme, pk)
    if reply is None:
        return resource
    found = Reply.objects.visible_to(request.user).select_related("author__city")
    post = found.filter(resource=resource, pk=reply).first()
    if post is None:
        raise Http404
    post.resource = resource
    return post
