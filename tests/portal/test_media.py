import pytest
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from wagtail.documents import get_document_model
from wagtail.models import Collection, CollectionViewRestriction

from tests.factories.cuentas import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    for name in ("images/foto.width-320.png", "images/pagina.html", "images/dibujo.svg", "guias/guia.pdf"):
        path = settings.MEDIA_ROOT / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"contenido")
    (tmp_path / "secreto.png").write_bytes(b"secreto")
    return settings.MEDIA_ROOT


def test_a_picture_is_sent_and_may_be_kept(client, media):
    response = client.get("/media/images/foto.width-320.png")
    assert response.getvalue() == b"contenido"
    assert response["Content-Type"] == "image/png"
    assert response["Cache-Control"] == "public, max-age=604800"
    assert response["X-Content-Type-Options"] == "nosniff"
    again = client.get("/media/images/foto.width-320.png", headers={"if-none-match": response["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(
    "path",
    [
        "/media/images/no-existe.png",
        "/media/images/pagina.html",
        "/media/images/dibujo.svg",
        "/media/images/",
        "/media/guias/guia.pdf",
        "/media/images/../guias/guia.pdf",
        "/media/images/../../secreto.png",
        "/media/images/%2e%2e/%2e%2e/secreto.png",
        "/media/images/a%00b.png",
        "/private/redip/soportes/2026/soporte.pdf",
    ],
)
def test_nothing_else_has_an_address(client, media, path):
    assert client.get(path).status_code == 404


@pytest.fixture
def document():
    return get_document_model().objects.create(
        title="Formato", file=ContentFile(b"%PDF-1.4 prueba", "formato.pdf")
    )


def body(response):
    return b"".join(response.streaming_content)


def test_a_document_is_sent_and_goes_on_where_it_broke_off(client, document):
    assert body(client.get(document.url)) == b"%PDF-1.4 prueba"
    rest = client.get(document.url, headers={"Range": "bytes=9-"})
    assert rest.status_code == 206 and body(rest) == b"prueba"
    assert client.get(document.url.replace("formato", "otro")).status_code == 404


def test_a_private_collection_is_for_its_group(client, document):
    group = Group.objects.create(name="Lectores de prueba")
    collection = Collection.get_first_root_node().add_child(name="Reservada")
    restriction = CollectionViewRestriction.objects.create(
        collection=collection, restriction_type=CollectionViewRestriction.GROUPS
    )
    restriction.groups.add(group)
    document.collection = collection
    document.save()
    assert client.get(document.url).status_code in (302, 403)
    reader = UserFactory()
    reader.groups.add(group)
    client.force_login(reader)
    assert body(client.get(document.url)) == b"%PDF-1.4 prueba"
