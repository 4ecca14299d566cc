"""Addresses of the app; they are fixed by the contract and stay for ever."""

from django.urls import URLPattern, URLResolver, include, path

from redip.views import actas, bitacoras, commitments, drafts, files, meetings, mesas, networks

app_name = "redip"

bitacora_patterns: list[URLPattern | URLResolver] = [
    path("", bitacoras.bitacora, name="bitacora"),
    path("borrador/", drafts.draft, name="draft"),
    path("borrador/cerrar/", drafts.publish, name="publish"),
    path("ediciones/<int:number>/", bitacoras.edition, name="edition"),
    path("ediciones/<int:number>.pdf", bitacoras.edition_file, {"form": "pdf"}, name="edition_pdf"),
    path("ediciones/<int:number>.docx", bitacoras.edition_file, {"form": "docx"}, name="edition_docx"),
    path("comparar/<int:old>..<int:new>/", bitacoras.compare, name="compare"),
    path("comparar/<int:old>..<int:new>/<slug:kind>/", bitacoras.compare, name="compare_section"),
    path("<slug:kind>/", bitacoras.section, name="section"),
    path("<slug:kind>/editar/", drafts.edit_section, name="edit_section"),
]
mesa_patterns: list[URLPattern | URLResolver] = [
    path("", mesas.mesa, name="mesa"),
    path("compromisos/", commitments.commitments, name="commitments"),
    path("compromisos.csv", commitments.commitments_csv, name="commitments_csv"),
    path("compromisos/nuevo/", commitments.new_commitment, name="new_commitment"),
    path("compromisos/<int:pk>/", commitments.commitment, name="commitment"),
    path("compromisos/<int:pk>/soportes/<int:report>/", commitments.evidence, name="evidence"),
    path("actas/", actas.actas, name="actas"),
    path("actas/<int:pk>/", actas.acta, name="acta"),
    path("actas/<int:pk>.pdf", actas.pdf, name="acta_pdf"),
    path("actas/<int:pk>/editar/", actas.edit, name="edit_acta"),
    path("actas/<int:pk>/enviar/", actas.send, name="send_acta"),
    path("actas/<int:pk>/aprobar/", actas.approve, name="approve_acta"),
    path("actas/<int:pk>/pedir-cambio/", actas.ask_change, name="ask_change"),
    path("reuniones/nueva/", meetings.new_meeting, name="new_meeting"),
    path("reuniones/<int:pk>/", meetings.meeting, name="meeting"),
    path("reuniones/<int:pk>.ics", meetings.ical, name="meeting_ical"),
    path("reuniones/<int:pk>/respuesta/", meetings.answer, name="answer"),
    path("reuniones/<int:pk>/acta/", meetings.begin, name="begin_acta"),
    path("archivos/", files.files, name="files"),
    path("archivos/<int:pk>/", files.file, name="file"),
    path("conversacion/", mesas.conversation, name="conversation"),
    path("miembros/", mesas.members, name="members"),
    path("miembros/<int:pk>/retirar/", mesas.remove, name="remove"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("", networks.board, name="board"),
    path("<slug:city>/", networks.network, name="network"),
    path("<slug:city>/bitacora/", include(bitacora_patterns)),
    path("<slug:city>/<slug:mesa>/", include(mesa_patterns)),
]
