"""The forum as search finds it: one document a theme, one a resource with the text of its replies, and one
a reply that waits.

Only what readers see is in it, and for its author what waits for a tutor: she looks for what she wrote a
moment ago. What stands in a group for members only carries the group's token; its theme's tutor and
operators find it in the queue and in the theme, not here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.db.models import Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from comunidad.enums import Kind, PostState
from comunidad.models import Membership, Reply, Resource, ResourceFile, Theme
from nucleo import routes
from nucleo.html import plain_text
from search import reading, registry
from search.documents import PUBLIC, SearchDocument, helpfulness, joined

UNANSWERED_WEIGHT = 0.7
SUMMARY = 300
"""Characters of the first text that a result may begin with."""


WAITING = "-r"
"""Stands between the numbers of a resource and of a reply to it that waits."""

FOUND = Q(state=PostState.VISIBLE) | Q(state=PostState.HELD, author__isnull=False) & (
    Q(group__isnull=True) | Q(group__is_private=False)
)
"""What is in the index: not what waits in a group for members only, whose author may leave it meanwhile."""


def resources() -> QuerySet[Resource]:
    """All that somebody finds."""
    shown = Reply.objects.visible().in_order()
    waiting = Reply.objects.held().filter(author__isnull=False).in_order()
    return (
        Resource.objects.filter(FOUND)
        .select_related("theme", "group", "accepted", "attachment")
        .prefetch_related(
            Prefetch("replies", queryset=shown, to_attr="shown_replies"),
            Prefetch("replies", queryset=waiting, to_attr="waiting_replies"),
        )
    )


def resource_documents(resource: Resource) -> Iterator[SearchDocument]:
    """Give the resource, and each reply to it that waits; nothing for what was taken out of sight."""
    audience = _audience(resource)
    if not audience:
        return
    replies: list[Reply] = getattr(resource, "shown_replies", None) or []
    accepted = next((reply for reply in replies if reply.pk == resource.accepted_id), None)
    text = plain_text(resource.html)
    words = _attached(resource)
    body, parts = joined(_pieces(resource, text, words.pages, replies))
    yield SearchDocument(
        kind="recurso",
        id=str(resource.pk),
        title=resource.title,
        url=resource.get_absolute_url(),
        audience=audience,
        # Never less than before: also what a reply lost when it was hidden must win over the old text.
        updated=max(resource.updated_at, resource.theme.updated_at),
        touched=words.read_at,
        helped=helpfulness(resource.useful_count + sum(reply.useful_count for reply in replies)),
        # The answer comes before the question's own details.
        summary=(plain_text(accepted.html) if accepted else text)[:SUMMARY],
        body=body,
        parts=parts,
        label=str(Kind(resource.kind).label),
        parent=resource.theme.name,
        theme=resource.theme.slug,
        route=resource.theme.route,
        status=status(resource),
        weight=UNANSWERED_WEIGHT if resource.is_waiting else 1.0,
    )
    if PUBLIC in audience:
        yield from (_waiting_reply(resource, reply) for reply in getattr(resource, "waiting_replies", ()))


def _waiting_reply(resource: Resource, reply: Reply) -> SearchDocument:
    """Return a reply that waits for a tutor, for its author: what she wrote a moment ago is hers to find."""
    reply.resource = resource
    return SearchDocument(
        kind="recurso",
        id=f"{resource.pk}{WAITING}{reply.pk}",
        title=_("Su respuesta en «%(title)s»") % {"title": resource.title},
        url=reply.get_absolute_url(),
        audience=frozenset({f"author:{reply.author_id}"}),
        updated=max(reply.updated_at, resource.updated_at),
        summary=plain_text(reply.html)[:SUMMARY],
        body=plain_text(reply.html),
        label=_("Su respuesta"),
        parent=resource.theme.name,
        theme=resource.theme.slug,
        route=resource.theme.route,
        status=str(reply.get_state_display()),
    )


def _audience(resource: Resource) -> frozenset[str]:
    """Return who finds it: nobody (``FOUND`` without a query), its author while it waits, its readers."""
    private = resource.group is not None and resource.group.is_private
    if resource.is_visible:
        return frozenset({f"group:{resource.group_id}" if private else PUBLIC})
    waits = resource.state == PostState.HELD and resource.author_id and not private
    return frozenset({f"author:{resource.author_id}"} if waits else ())


def _attached(resource: Resource) -> reading.FileWords:
    """Return the words of the file that it carries, if it does."""
    attached: ResourceFile | None = getattr(resource, "attachment", None)
    if attached is None:
        return reading.FileWords()
    return reading.words_of(
        f"recurso:{resource.pk}",
        sha256=attached.sha256,
        kind=attached.kind,
        storage="private",
        name=str(attached.file.name),
    )


def _pieces(
    resource: Resource, text: str, pages: Sequence[str], replies: list[Reply]
) -> Iterator[tuple[str, str, str]]:
    """Give the text, the pages of its file and the replies; the last two open where they stand."""
    yield text, resource.get_absolute_url(), ""
    if pages:
        attached = resource.attachment
        attached.resource = resource
        yield from reading.as_parts(pages, url=attached.get_absolute_url(), kind=attached.kind)
    for reply in replies:
        reply.resource = resource
        yield plain_text(reply.html), reply.get_absolute_url(), _("En una respuesta")


def status(resource: Resource) -> str:
    """Return in a word that it waits for a tutor, or the state of a question; nothing for other kinds."""
    if not resource.is_visible:
        return str(resource.get_state_display())
    if not resource.is_question:
        return ""
    if resource.accepted_id:
        return _("Respondida")
    return _("Espera respuesta") if resource.is_waiting else _("Tiene respuestas")


def authorised_resources(ids: Collection[str], user: Any) -> set[str]:
    """Return those of ``ids`` that ``user`` may read now and that are published, or hers and waiting."""
    hers = Q(state=PostState.VISIBLE) | Q(author=getattr(user, "pk", None))
    found = registry.existing(Resource.objects.visible_to(user).filter(FOUND & hers), ids)
    waiting = {one.partition(WAITING)[2]: one for one in ids if WAITING in one}
    return found | _authorised_replies(waiting, user) if waiting else found


def _authorised_replies(ids: Mapping[str, str], user: Any) -> set[str]:
    """Return those of ``ids`` (of reply → of document) that wait and are hers, where she reads the rest."""
    open_to_all = Q(resource__group__isnull=True) | Q(resource__group__is_private=False)
    within = open_to_all & Q(resource__state=PostState.VISIBLE)
    own = Reply.objects.visible_to(user).held().filter(within, author=getattr(user, "pk", None))
    wanted = [int(pk) for pk in ids if pk.isdecimal() and len(pk) < 19]
    rows = own.filter(pk__in=wanted).values_list("resource", "pk")
    return {f"{resource}{WAITING}{pk}" for resource, pk in rows} & set(ids.values())


def themes() -> QuerySet[Theme]:
    """All themes."""
    return Theme.objects.prefetch_related("tutors")


def theme_documents(theme: Theme) -> Iterator[SearchDocument]:
    """Give the theme."""
    yield SearchDocument(
        kind="tema",
        id=theme.slug,
        title=theme.name,
        url=theme.get_absolute_url(),
        audience=frozenset({PUBLIC}),
        updated=theme.updated_at,
        summary=theme.description,
        body=theme.tutor_label,
        label=_("Tema de la comunidad"),
        theme=theme.slug,
        route=theme.route,
    )


def authorised_themes(ids: Collection[str], user: Any) -> set[str]:
    """Return those of ``ids`` that there are: themes are public."""
    found = Theme.objects.visible_to(user).filter(slug__in=list(ids))
    return {str(slug) for slug in found.values_list("slug", flat=True)}


def audience_of(user: Any) -> list[str]:
    """Return the audience tokens of ``user``: the groups she is in, and her own. One query."""
    found = Membership.objects.members().filter(user=user).values_list("group", flat=True)
    return [f"author:{user.pk}", *(f"group:{pk}" for pk in found)]


def files_in_use(hashes: Collection[str]) -> Iterable[str]:
    """Return those of ``hashes`` that a resource carries."""
    return ResourceFile.objects.filter(sha256__in=hashes).order_by().values_list("sha256", flat=True)


def theme_names(slugs: Collection[str]) -> dict[str, str]:
    """Return the names of themes for the facet."""
    return dict(Theme.objects.filter(slug__in=list(slugs)).values_list("slug", "name"))


def ask_address(text: str) -> str:
    """Return where ``text`` can be asked."""
    return f"{reverse('comunidad:ask')}?{urlencode({'titulo': text})}"


def subjects(text: str) -> Iterator[registry.Subject]:
    """Give each theme as something ``text`` can be asked in."""
    for theme in Theme.objects.all():
        route = str(routes.get(theme.route).name) if theme.route else ""
        address = f"{reverse('comunidad:ask')}?{urlencode({'tema': theme.slug, 'titulo': text})}"
        yield registry.Subject(theme.name, address, f"{theme.description} {route}")


registry.register(
    registry.Source(
        name="recurso",
        kind="recurso",
        queryset=resources,
        documents=resource_documents,
        authorised=authorised_resources,
    )
)
registry.register(
    registry.Source(
        name="tema", kind="tema", queryset=themes, documents=theme_documents, authorised=authorised_themes
    )
)
registry.register_audience(audience_of)
registry.register_files(files_in_use)
registry.register_labels("tema", theme_names)
registry.register_ask(ask_address)
registry.register_subjects(subjects)
