"""Addresses of the app; they are fixed by the contract and stay for ever."""

from django.urls import path

from guias.views import (
    courses,
    files,
    glossary,
    history,
    offline,
    opinions,
    package,
    paper_forms,
    reading,
    sessions,
    shelf,
)

app_name = "guias"
urlpatterns = [
    path("", shelf.index, name="index"),
    path("paquete/", package.package, name="package"),
    path("paquete/descargar/", package.download_package, name="download_package"),
    path("glosario/", glossary.glossary, name="glossary"),
    path("formacion/", courses.courses, name="courses"),
    path("formacion/<slug:slug>/", courses.course, name="course"),
    path("formacion/<slug:slug>/sesiones/nueva/", sessions.new_session, name="new_session"),
    path("formacion/<slug:slug>/sesiones/<int:pk>/", courses.session, name="session"),
    path("formacion/<slug:slug>/sesiones/<int:pk>.ics", sessions.ical, name="session_ical"),
    path("formacion/<slug:slug>/sesiones/<int:pk>/inscribirme/", sessions.enrol, name="enrol"),
    path("formacion/<slug:slug>/sesiones/<int:pk>/retirar/", sessions.withdraw, name="withdraw"),
    path("formacion/<slug:slug>/sesiones/<int:pk>/inscribir/", sessions.enrol_others, name="enrol_others"),
    path("formacion/<slug:slug>/sesiones/<int:pk>/cambiar/", sessions.edit_session, name="edit_session"),
    path("formacion/<slug:slug>/sesiones/<int:pk>/cancelar/", sessions.cancel, name="cancel_session"),
    path("formatos/", paper_forms.paper_forms, name="paper_forms"),
    path("formatos/<slug:slug>/", paper_forms.fill_paper_form, name="fill_paper_form"),
    path("formatos/<slug:slug>/en-blanco.<slug:form>", paper_forms.blank_paper_form, name="blank_paper_form"),
    path("<slug:slug>/", reading.guide, name="guide"),
    path("<slug:slug>/seguir/", reading.follow, name="follow"),
    path("<slug:slug>/sin-conexion.json", offline.files, name="offline"),
    path("<slug:slug>/versiones/", history.versions, name="versions"),
    path("<slug:slug>/cambios/<int:old>..<int:new>/", history.changes, name="changes"),
    path("<slug:slug>/cambios/<int:old>..<int:new>.pdf", history.changes_sheet, name="changes_sheet"),
    path("<slug:slug>/descargar/<slug:form>/", files.download, name="download"),
    path("<slug:slug>/v<int:number>/", reading.version, name="version"),
    path("<slug:slug>/v<int:number>/descargar/<slug:form>/", files.download, name="download_version"),
    path("<slug:slug>/v<int:number>/primera-pagina.webp", files.first_page, name="first_page"),
    path("<slug:slug>/v<int:number>/<slug:chapter>/", reading.old_chapter, name="version_chapter"),
    path("<slug:slug>/<slug:chapter>/", reading.chapter, name="chapter"),
    path("<slug:slug>/<slug:chapter>/marcas/", reading.ticks, name="ticks"),
    path("<slug:slug>/<slug:chapter>/opinion/", opinions.opinion, name="opinion"),
]
