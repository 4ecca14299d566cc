"""What search is told of guides, and whom it may show."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.base import ContentFile
from django.test import Client

from guias import search_documents as source
from guias.enums import GuideState
from guias.models import OfficialFile
from search import registry
from tests.factories.guias import GuideFactory, VersionFactory, chapter, checklist, editor, published
from tests.factories.papers import pdf_of

pytestmark = pytest.mark.django_db


def test_a_guide_and_each_chapter_are_found_apart() -> None:
    version = published(guide=GuideFactory(slug="guia", title="Orientación"))
    guide, *chapters = source.documents(source.queryset().get())
    assert (guide.id, guide.url, guide.route) == (str(version.guide_id), "/guias/guia/", "orientacion")
    assert [doc.id for doc in chapters] == [
        f"{version.guide_id}-{s}" for s in ("recibir", "cerrar", "preguntas")
    ]
    closing = chapters[1]
    assert (closing.label, closing.parent) == ("Capítulo de guía", "Orientación")
    assert closing.url == "/guias/guia/cerrar/"
    assert "Acta de compromiso firmada" in closing.body
    assert closing.status == "Vigente"


def test_no_mark_of_a_file_name_reaches_a_result() -> None:
    body = [chapter("Cerrar", "cerrar", checklist(), summary=("Guarde el acta `AC_#`.",))]
    guide = published(summary="Queda en `AC_#`.", body=body).guide
    whole, closing = source.documents(guide)
    assert whole.body.startswith("Queda en AC_#.")
    assert closing.summary == "Guarde el acta AC_#."


def test_a_guide_without_a_version_is_found_by_its_lead() -> None:
    GuideFactory(lead="Se está escribiendo.")
    (only,) = source.documents(source.queryset().get())
    assert only.summary == "Se está escribiendo."


def test_drafts_and_guides_in_reserve_are_not_found() -> None:
    draft = VersionFactory(guide=GuideFactory())
    assert len(list(source.documents(draft.guide))) == 1
    quiet = published(guide=GuideFactory(is_public=False)).guide
    assert list(source.documents(quiet)) == []
    assert quiet not in source.queryset()


def test_retired_guides_weigh_less() -> None:
    guide = published(guide=GuideFactory()).guide
    guide.state = GuideState.RETIRED
    assert all(document.weight < 1 for document in source.documents(guide))


def test_hits_are_authorised_again() -> None:
    public, quiet = published().guide, published(guide=GuideFactory(is_public=False)).guide
    ids = [str(public.pk), f"{public.pk}-cerrar", f"{quiet.pk}-cerrar", "x", "", "99999-a"]
    assert source.authorised(ids, AnonymousUser()) == {str(public.pk), f"{public.pk}-cerrar"}
    assert f"{quiet.pk}-cerrar" in source.authorised(ids, editor())


def test_the_source_is_registered() -> None:
    assert registry.source("guia").kind == "guia"


def test_an_official_file_is_found_by_its_pages(
    client: Client, search_index: Any, settings: Any, tmp_path: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    version = published(guide=GuideFactory(slug="guia"))
    paper = pdf_of("Portada", "Anexo: cuadro de mando")
    official = OfficialFile(version=version, sha256="f" * 64, size=len(paper))
    official.file.save("x.pdf", ContentFile(paper))
    with django_capture_on_commit_callbacks(execute=True):
        search_index()
    search_index()
    (found,) = client.get("/api/v1/buscar?q=cuadro+de+mando").json()["results"]
    assert (found["tipo"], found["id"], found["lugar"]) == ("guia", str(version.guide_id), "Página 2")
    assert found["direccion"].endswith("/guias/guia/descargar/pdf/?ver#page=2")
    response = client.get("/guias/guia/descargar/pdf/?ver")
    assert response["Content-Disposition"].startswith("inline")
