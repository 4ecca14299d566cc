import pytest

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
