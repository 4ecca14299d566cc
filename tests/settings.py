"""The portal's own settings with what a test run changes: fast hashing, tasks at once, own folders."""

import os

os.environ.setdefault("PORTAL_DEMO", "1")
os.environ.setdefault("EMAIL_URL", "memorymail://")

# Each process of a test run has a Redis database of its own: each test empties the cache it counts in.
if os.environ.get("REDIS_URL"):
    number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw-1").removeprefix("gw")) + 1
    os.environ["REDIS_URL"] = f"{os.environ['REDIS_URL'].rsplit('/', 1)[0]}/{number}"

from portal.settings import *  # noqa: F403
from portal.settings import STORAGES, VAR_DIR

MEDIA_ROOT = VAR_DIR / "test-media"
SEARCH_PLACE = str(VAR_DIR / f"test-index-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}")
TALLY_SECONDS = 0
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    **STORAGES,
    "private": {**STORAGES["private"], "OPTIONS": {"location": VAR_DIR / "test-private"}},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
