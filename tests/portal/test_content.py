"""The texts that every portal starts with: there, true to the consent, and without a dead link."""

import re
from html import unescape
from pathlib import Path

import pytest
import yaml
from django.core.management import call_command
from django.template.loader import render_to_string

from guias.models import Version
from portal.bootstrap import ensure_site
from portal.content import FOLDER, load_pages
from portal.demo.guias import BadGuide
from portal.models import ContentPage
from search.models import PendingChange

SLUGS = {"ayuda", "accesibilidad", "datos-personales", "datos-abiertos"}
SIGNED_IN = {"/comunidad/preguntar/": 302, "/cuenta/": 302, "/cuenta/datos/": 302}
"""What asks a visitor to enter first."""
HREF = re.compile(r'<a [^>]*href="([^"]+)"')


@pytest.fixture
def home(db):
    return ensure_site()


def words(html):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def test_every_portal_starts_with_the_pages_that_its_screens_link_to(home):
    assert set(ContentPage.objects.values_list("slug", flat=True)) == SLUGS
    assert {file.stem for file in FOLDER.glob("*.yaml")} == SLUGS


@pytest.mark.parametrize("slug", sorted(SLUGS))
def test_a_page_has_its_answer_on_top_and_would_pass_the_editor(home, slug):
    page = ContentPage.objects.get(slug=slug)
    assert page.lead and page.body
    page.body.stream_block.clean(page.body)


def test_the_privacy_page_says_what_people_agreed_to(home):
    consent = words(render_to_string("cuentas/_consent.html")).removesuffix("Leer la política completa")
    page = ContentPage.objects.get(slug="datos-personales")
    assert consent.strip() in words(str(page.body))


@pytest.mark.slow
def test_every_link_of_the_pages_and_of_the_guides_opens(client, home):
    call_command("demo", verbosity=0)
    texts = [str(page.body) for page in ContentPage.objects.all()]
    texts += [str(version.body) for version in Version.objects.published()]
    links = {unescape(link) for text in texts for link in HREF.findall(text)}
    answers = {link: client.get(link).status_code for link in links}
    assert len(links) > 30
    assert {link: code for link, code in answers.items() if code != 200} == SIGNED_IN


def test_a_page_that_somebody_edited_stays_as_she_left_it(home):
    page = ContentPage.objects.get(slug="ayuda")
    page.title = "Ayuda de la red"
    page.save_revision().publish()
    other = ContentPage.objects.get(slug="accesibilidad")
    ContentPage.objects.filter(pk=other.pk).update(lead="viejo")
    assert load_pages(home) == len(SLUGS)
    assert ContentPage.objects.get(slug="ayuda").title == "Ayuda de la red"
    other.refresh_from_db()
    assert other.lead.startswith("Queremos")


def test_a_block_that_nobody_knows_is_named(home, tmp_path: Path):
    (tmp_path / "mala.yaml").write_text(
        yaml.safe_dump({"slug": "mala", "title": "Mala", "body": [{"poema": "x"}]}), encoding="utf-8"
    )
    with pytest.raises(BadGuide, match="poema"):
        load_pages(home, tmp_path)


def test_every_page_can_be_found_from_the_start(home, search_index):
    from search.rebuilding import rebuild

    assert rebuild() >= len(SLUGS)
    assert not ContentPage.objects.filter(first_published_at=None).exists()


def test_loading_what_is_there_already_writes_and_queues_nothing(home):
    before = list(ContentPage.objects.values_list("pk", "last_published_at"))
    load_pages(home)
    assert list(ContentPage.objects.values_list("pk", "last_published_at")) == before
    assert not PendingChange.objects.exists()
