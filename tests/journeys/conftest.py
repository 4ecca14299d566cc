"""A real Chromium against the real server: what a person does, from the home page on.

Every journey runs against the one-process portal (``manage.py serve`` on a new folder, as ``make run``
does): on a phone, on a computer, and without JavaScript. On the full set that ``bin/native`` starts (marked
``native``) it runs once, on a phone: what differs there is servers, not screens.
"""

from __future__ import annotations

import email
import email.message
import email.policy
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.conftest import unavailable
from tests.database import kept

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "cemprende-demo"
PHONE = {"width": 360, "height": 780}
DESKTOP = {"width": 1280, "height": 900}
PATIENCE = 15_000
"""Milliseconds that a step or an ``expect`` waits for what it looks at: a click does not wait for it."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark by folder and by site, so that a journey never runs in the quick tests."""
    for item in items:
        if "journeys" in item.path.parts:
            item.add_marker("browser")
            if "native" in getattr(getattr(item, "callspec", None), "id", "").split("-"):
                item.add_marker("native")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def _one_process(folder: Path) -> Iterator[str]:
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    if kept().exists():  # migrated already, by the unit tests; bin/fresh-clone is what migrates from nothing
        shutil.copyfile(kept(), folder / "portal.sqlite3")
    env = {
        key: value
        for key, value in os.environ.items()
        if key not in {"DATABASE_URL", "REDIS_URL", "SEARCH_URL", "DJANGO_SETTINGS_MODULE", "SECRET_KEY"}
    }
    env |= {
        "VAR_DIR": str(folder),
        "PORTAL_DEMO": "1",
        "BASE_URL": url,
        "EMAIL_URL": f"filemail:///{folder}/mail",  # four slashes: an absolute path
    }
    log = (folder / "server.log").open("w+")
    process = subprocess.Popen(
        [sys.executable, "manage.py", "serve", "--port", str(port)], cwd=ROOT, env=env, stdout=log, stderr=log
    )
    try:
        _wait(url, process, log)
        yield url
    finally:
        process.terminate()
        try:
            process.wait(timeout=1)  # nobody reads its folder again; ``test_serve`` asks how it ends
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        log.close()


def _wait(url: str, process: subprocess.Popen[bytes], log: Any) -> None:
    for _ in range(600):
        try:
            urllib.request.urlopen(f"{url}/healthz", timeout=2)
            return
        except OSError:
            if process.poll() is not None:
                break
            time.sleep(0.3)
    log.seek(0)
    raise RuntimeError(f"the server did not start:\n{log.read()}")


@pytest.fixture(scope="session")
def one_process_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the one-process portal of this session keeps what it stores."""
    return tmp_path_factory.mktemp("portal")


@pytest.fixture(scope="session")
def one_process_url(one_process_folder: Path) -> Iterator[str]:
    """The portal as ``make run`` starts it, with the demonstration, on a folder of its own."""
    with _one_process(one_process_folder) as url:
        yield url


@pytest.fixture(scope="session")
def site(request: pytest.FixtureRequest) -> str:
    """The address of the running portal: one process, or with ``native_site`` the full set."""
    return str(request.getfixturevalue("one_process_url"))


@dataclass(frozen=True)
class Way:
    """One way in which people use the portal."""

    name: str
    url: str
    mail: Path
    phone: bool = False
    js: bool = True


WAYS = [("one", "phone"), ("one", "desktop"), ("one", "noscript"), ("native", "phone")]


needs_js = pytest.mark.parametrize(
    "way", [way for way in WAYS if way[1] != "noscript"], indirect=True, ids="-".join
)
"""For what is a program of the browser and not a page: only in the ways that run scripts."""

in_browser = pytest.mark.parametrize(
    "way", [("one", "phone"), ("one", "desktop")], indirect=True, ids="-".join
)
"""For what such a program does by itself: which servers sent it makes no difference.

That it comes and asks them is seen on the full set too, by the tests beside these.
"""


@pytest.fixture(params=WAYS, ids="-".join)
def way(request: pytest.FixtureRequest) -> Way:
    """Each journey in each way; see the head of this file."""
    where, how = request.param
    if where == "native":
        url = os.environ.get("PORTAL_NATIVE_URL", "")
        if not url:
            unavailable("bin/native with-portal … starts the full set")
        mail = Path(os.environ["PORTAL_NATIVE_MAIL"])
    else:
        url = str(request.getfixturevalue("one_process_url"))
        mail = request.getfixturevalue("one_process_folder") / "mail"
    return Way(how, url, mail, phone=how != "desktop", js=how != "noscript")


@pytest.fixture
def visit(way: Way, make_page: Callable[..., Page]) -> Callable[..., Page]:
    """Return ``visit(path="/", who=None)``: a page in a new session, in the way of this test."""

    def go(path: str = "/", who: str | None = None) -> Page:
        return make_page(way.url, path, who=who, phone=way.phone, js=way.js)

    return go


@pytest.fixture
def letter(way: Way) -> Callable[..., str]:
    """Return ``letter(to, *about)``: the newest mail to ``to`` that says all of these, once it was sent.

    Each is a regular expression. What is escaped in it is for who asks to say (``re.escape``).
    """

    def newest(to: str, *about: str) -> str:
        for _ in range(300):
            letters = (
                sorted(way.mail.glob("*"), key=lambda path: path.stat().st_mtime) if way.mail.exists() else []
            )
            for path in reversed(letters):
                messages = path.read_bytes().split(b"-" * 79 + b"\n")
                for raw in reversed(messages):
                    message = email.message_from_bytes(raw, policy=email.policy.default)
                    words = _words(message) if message["To"] == to else ""
                    if words and all(re.search(one, words) for one in about):
                        return words
            time.sleep(0.2)
        raise AssertionError(f"no mail to {to}")

    return newest


def _words(message: email.message.EmailMessage) -> str:
    """Return what a mail says, also of one that brings a file along (a letter of changes and its PDF)."""
    body = message.get_body(("plain",))
    return str(body.get_content()) if body else ""


def link_in(text: str) -> str:
    """Return the path of the first link of a mail."""
    found = re.search(r"https?://[^/\s]+(/\S+)", text)
    assert found, text
    return found[1]


SHELL, WHOLE = ("chromium-headless-shell",), ("chromium", "chromium-browser", "google-chrome")
"""The engine of Chromium without the program around it: a new session costs it a third. The whole one."""


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all journeys: the shell, where there is one; on the full set the whole browser.

    So each journey is walked in what people have, too, and only once in what costs most.
    """
    names = WHOLE + SHELL if os.environ.get("PORTAL_NATIVE_URL") else SHELL + WHOLE
    path = next(filter(None, map(shutil.which, names)), None)
    if path is None:
        unavailable("Chromium is not installed (make test-system)")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--disable-component-update",
            ],
        )
        yield browser
        browser.close()


@pytest.fixture
def open_page(site: str, make_page: Callable[..., Page]) -> Callable[..., Page]:
    """Return ``open_page(path="/", who=None, phone=False, js=True, dark=False)``: a page in a new session."""

    def open_one(path: str = "/", **how: Any) -> Page:
        return make_page(site, path, **how)

    return open_one


@pytest.fixture
def make_page(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Return ``make_page(site, path, who=, phone=, js=, dark=)``: a page in a new session.

    Anything the browser logs as an error, and any request that leaves the site, fails the test.
    """
    contexts: list[BrowserContext] = []
    problems: list[str] = []

    def make_one(site: str, path: str = "/", *, who: str | None = None, **how: Any) -> Page:
        page = new_page(chromium, site, problems, **how)
        contexts.append(page.context)
        if who:
            _enter(page, site, who)
        page.goto(path)
        return page

    yield make_one
    for context in contexts:
        context.close()
    assert problems == []


def new_page(
    chromium: Browser,
    site: str,
    problems: list[str],
    *,
    phone: bool = False,
    js: bool = True,
    dark: bool = False,
) -> Page:
    """Return an empty page in a session of its own, which writes down in ``problems`` what goes wrong."""
    context = chromium.new_context(
        base_url=site,
        viewport=PHONE if phone else DESKTOP,
        java_script_enabled=js,
        color_scheme="dark" if dark else "light",
        locale="es-CO",
        timezone_id="America/Bogota",
        accept_downloads=True,
    )
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.on(
        "console",
        lambda m: problems.append(m.text) if m.type == "error" and "status of 4" not in m.text else None,
    )
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("request", lambda r: None if _ours(r.url, site) else problems.append(f"leaves the site: {r.url}"))
    return page


@pytest.fixture(scope="module")
def windows(chromium: Browser) -> Iterator[dict[tuple[bool, bool], tuple[Page, list[str]]]]:
    """The pages that ``see`` goes on with, by phone and dark, each with what went wrong in it."""
    opened: dict[tuple[bool, bool], tuple[Page, list[str]]] = {}
    yield opened
    for page, _problems in opened.values():
        page.context.close()
    assert [problem for _page, problems in opened.values() for problem in problems] == []


@pytest.fixture
def see(site: str, chromium: Browser, windows: dict[Any, Any]) -> Iterator[Callable[..., Page]]:
    """Return ``see(path="/", who=None, phone=False, dark=False)``: as ``open_page``, in one window for all.

    For sweeps over many screens, that read each and leave nothing: a new session costs more than the screen,
    with its process and its styles and scripts, fetched anew. The window forgets all but those in between.
    """

    def look(path: str = "/", *, who: str | None = None, phone: bool = False, dark: bool = False) -> Page:
        if (phone, dark) not in windows:
            noted: list[str] = []
            windows[phone, dark] = (new_page(chromium, site, noted, phone=phone, dark=dark), noted)
        page, _problems = windows[phone, dark]
        _forget(page, site)
        page.set_viewport_size(PHONE if phone else DESKTOP)  # type: ignore[arg-type]
        if who:
            _enter(page, site, who)
        page.goto(path)
        return page

    yield look
    found = [problem for _page, problems in windows.values() for problem in problems]
    for _page, problems in windows.values():
        problems.clear()
    assert found == []


def _forget(page: Page, site: str) -> None:
    """Make the session of ``page`` as new, but for the files that its browser keeps by their headers."""
    if page.url.startswith(site):
        page.evaluate("sessionStorage.clear()")
        page.goto("about:blank")
    page.context.clear_cookies()
    devtools = page.context.new_cdp_session(page)
    kept = "local_storage,indexeddb,service_workers,cache_storage"
    devtools.send("Storage.clearDataForOrigin", {"origin": site, "storageTypes": kept})
    devtools.detach()


def _ours(url: str, site: str) -> bool:
    return url.startswith((site, site.replace("http", "ws", 1), "data:", "blob:", "about:"))


_entered: dict[tuple[str, str], tuple[float, Any]] = {}
"""Site and person → when she signed in by the form, and the cookies she got."""
FRESH = 240
"""Seconds that a session serves other tests: the portal asks again for the password after five minutes."""


def _enter(page: Page, site: str, who: str) -> None:
    """Go on with the session of a test before, where it is still one; sign in by the form otherwise.

    A person of the demonstration signs in some three hundred times here: more than the limit lets her, and
    a password costs the server more than most pages.
    """
    since, cookies = _entered.get((site, who), (0.0, []))
    if time.monotonic() - since < FRESH:
        page.context.add_cookies(cookies)
        if "/cuenta/entrar" not in page.context.request.get(f"{site}/cuenta/").url:
            return
        page.context.clear_cookies()
    sign_in(page, who)
    _entered[site, who] = time.monotonic(), page.context.cookies()


def sign_in(page: Page, email: str) -> None:
    """Sign in by the form, as a person does."""
    page.goto("/cuenta/entrar/")
    page.fill("input[name=login]", email if "@" in email else f"{email}@demo.example")
    page.fill("input[name=password]", PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    try:  # a click does not wait for the answer, and this one takes the time of a password
        page.wait_for_url(lambda url: "/cuenta/entrar" not in url)
    except PlaywrightTimeout:
        pytest.fail(f"{email} was not let in: {page.inner_text('main')}")
