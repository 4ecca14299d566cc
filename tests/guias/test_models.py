"""What the models promise: one version in force, chapters with addresses, texts for search."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.db.migrations.writer import MigrationWriter

from guias.enums import Route, VersionState
from guias.models import Guide, Version
from tests.factories.guias import CHECKS, GuideFactory, VersionFactory, published

pytestmark = pytest.mark.django_db


def test_two_versions_of_a_guide_cannot_be_in_force() -> None:
    version = published()
    other = VersionFactory(guide=version.guide, number=2)
    with pytest.raises(IntegrityError), transaction.atomic():
        Version.objects.filter(pk=other.pk).update(state=VersionState.IN_FORCE, published_on="2015-03-09")


def test_numbers_are_unique_in_a_guide() -> None:
    version = published()
    with pytest.raises(IntegrityError), transaction.atomic():
        VersionFactory(guide=version.guide, number=1)


def test_published_versions_have_a_date() -> None:
    version = VersionFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        Version.objects.filter(pk=version.pk).update(state=VersionState.RETIRED)


def test_a_version_never_expires() -> None:
    version = VersionFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        Version.objects.filter(pk=version.pk).update(expire_at="2030-01-01T00:00Z")


def test_chapters_are_read_from_the_body() -> None:
    version = Version.objects.get(pk=VersionFactory().pk)
    assert [chapter.slug for chapter in version.chapters] == ["recibir", "cerrar", "preguntas"]
    closing = version.chapter("cerrar")
    assert closing is not None
    assert closing.number == 2
    assert closing.headings == [("por-que-importa", "Por qué importa")]
    assert [item.id for item in closing.items] == CHECKS
    assert closing.minutes == 1
    for words in ("decisión", "Primera razón", "Salude. Por su nombre.", "Cédula: CC", "Para qué: Dejar"):
        assert words in closing.text
    assert "<" not in closing.text
    assert version.chapter("otro") is None


def test_two_headings_alike_get_two_anchors() -> None:
    from tests.factories.guias import block, chapter

    body = [chapter("Uno", "uno", block("heading", "Igual", "a"), block("heading", "Igual", "b"))]
    version = Version.objects.get(pk=VersionFactory(body=body).pk)
    assert [anchor for anchor, _ in version.chapters[0].headings] == ["igual", "igual-2"]


def test_the_shelf_follows_the_routes_and_leaves_the_retired_out() -> None:
    GuideFactory(slug="c", route=Route.ALL)
    GuideFactory(slug="b", route=Route.ORIENTATION, order=2)
    GuideFactory(slug="a", route=Route.ORIENTATION, order=1)
    GuideFactory(slug="z", route=Route.ORIENTATION, state="retirada")
    assert [guide.slug for guide in Guide.objects.on_shelf().in_order()] == ["a", "b", "c"]


def test_the_migration_knows_no_block() -> None:
    text, _imports = MigrationWriter.serialize(Version._meta.get_field("body"))
    assert text.startswith("nucleo.streamfield.StreamField(")
    for word in ("chapter", "ficha", "heading"):
        assert word not in text


def test_lists_do_not_read_the_chapters(django_assert_num_queries: object) -> None:
    published()
    with django_assert_num_queries(2):  # type: ignore[operator]
        (guide,) = Guide.objects.with_current()
        assert guide.current is not None
        assert guide.current.number == 1
    assert "body" in guide.current.get_deferred_fields()
