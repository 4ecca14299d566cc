"""Addresses of the app. Fixed words come before themes, and no theme may take one (``RESERVED_SLUGS``)."""

from django.urls import path, register_converter

from comunidad.enums import Verb
from comunidad.views import asking, groups, themes, threads, tutoring


class VerbConverter:
    """One of the words that :class:`comunidad.enums.Verb` lists."""

    regex = "|".join(sorted(Verb.values, key=len, reverse=True))

    def to_python(self, value: str) -> Verb:
        """Return the verb."""
        return Verb(value)

    def to_url(self, value: str) -> str:
        """Return its word."""
        return str(value)


register_converter(VerbConverter, "verb")

app_name = "comunidad"
urlpatterns = [
    path("", themes.index, name="index"),
    path("preguntar/", asking.ask, name="ask"),
    path("preguntar/parecidas/", asking.similar, name="similar"),
    path("publicar/", asking.publish_menu, name="publish_menu"),
    path("tutoria/", tutoring.queue, name="queue"),
    path("moderacion/", tutoring.log, name="log"),
    path("moderacion/<int:pk>/deshacer/", tutoring.undo, name="undo"),
    path("grupos/", groups.groups, name="groups"),
    path("grupos/pedir/", groups.request_group, name="request_group"),
    path("grupos/<slug:slug>/", groups.group, name="group"),
    path("grupos/<slug:slug>/entrar/", groups.join, name="join"),
    path("grupos/<slug:slug>/salir/", groups.leave, name="leave"),
    path("grupos/<slug:slug>/abrir/", groups.open_group, name="open_group"),
    path("grupos/<slug:slug>/no-abrir/", groups.refuse_group, name="refuse_group"),
    path("grupos/<slug:slug>/miembros/<int:pk>/<slug:verb>/", groups.member, name="member"),
    path("<slug:theme>/", themes.theme, name="theme"),
    path("<slug:theme>/seguir/", themes.follow_theme, name="follow_theme"),
    path("<slug:theme>/publicar/<slug:kind>/", asking.publish, name="publish"),
    path("<slug:theme>/<int:pk>-<slug:slug>/", threads.resource, name="resource"),
    path("<slug:theme>/<int:pk>/", threads.short, name="short"),
    path("<slug:theme>/<int:pk>/respuestas/", threads.replies, name="replies"),
    path("<slug:theme>/<int:pk>/responder/", threads.reply, name="reply"),
    path("<slug:theme>/<int:pk>/seguir/", threads.follow, name="follow"),
    path("<slug:theme>/<int:pk>/votar/", threads.vote, name="vote"),
    path("<slug:theme>/<int:pk>/archivo/", threads.file, name="file"),
    path("<slug:theme>/<int:pk>/historial/", threads.history, name="history"),
    path("<slug:theme>/<int:pk>/<verb:verb>/", threads.act, name="act"),
    path("<slug:theme>/<int:pk>/respuestas/<int:reply>/historial/", threads.history, name="reply_history"),
    path("<slug:theme>/<int:pk>/respuestas/<int:reply>/<verb:verb>/", threads.act, name="reply_act"),
]
