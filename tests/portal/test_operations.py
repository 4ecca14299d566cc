import pytest
from django.db import DatabaseError, connection
from django.utils import timezone

from portal.models import WorkerBeat
from portal.views import operations


def test_healthz_asks_nobody(client, django_assert_num_queries, db):
    with django_assert_num_queries(0):
        assert client.get("/healthz").content == b"ok\n"


@pytest.mark.django_db
def test_readyz_tells_each_part(client):
    assert client.get("/readyz").json()["worker"] is False
    WorkerBeat.objects.create(name="uno", beat_at=timezone.now())
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json()["database"] and response.json()["cache"] and response.json()["worker"]


@pytest.mark.django_db
def test_readyz_is_503_without_database(client, monkeypatch):
    def down():
        raise DatabaseError("down")

    monkeypatch.setattr(connection, "cursor", down)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {
        "ready": False,
        "database": False,
        "search": False,
        "cache": True,
        "worker": False,
    }
    assert operations._cache()


@pytest.mark.django_db
def test_metrics_need_the_token(client, settings):
    assert client.get("/metrics").status_code == 404
    settings.METRICS_TOKEN = "secreto"
    assert client.get("/metrics").status_code == 401
    wrong = client.get("/metrics", headers={"Authorization": "Bearer otro"})
    assert wrong.status_code == 401
    right = client.get("/metrics", headers={"Authorization": "Bearer secreto"})
    assert right.status_code == 200 and b"portal_pending_index_changes" in right.content
