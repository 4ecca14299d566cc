"""A guide of three chapters whose owner is asked whether they still hold, and an editor at her desk."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from guias.models import Version
from tests.factories.cuentas import UserFactory
from tests.factories.guias import GuideFactory, editor, published


@pytest.fixture
def owner() -> Any:
    return UserFactory(first_names="Ana", last_names="Responsable")


@pytest.fixture
def version(owner: Any) -> Version:
    return published(guide=GuideFactory(slug="guia", title="Guía de orientación", reviewer=owner))


@pytest.fixture
def desk(client: Client) -> Client:
    user = editor(first_names="Edita")
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(user)
    return client
