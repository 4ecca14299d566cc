"""What a journey waits for where ``expect`` does not: a state of the page, its styles, a file."""

from __future__ import annotations

import time

from playwright.sync_api import APIResponse, Page


def until(page: Page, expression: str) -> None:
    """Wait until ``expression`` (a function may wait too) is true in the page, fifteen seconds at most.

    Playwright's own ``wait_for_function`` evaluates a text inside the page when it was not true at once, and
    the content policy forbids that.
    """
    end = time.monotonic() + 15
    while not page.evaluate(expression):
        assert time.monotonic() < end, f"never true: {expression}"
        page.wait_for_timeout(50)


def fits(page: Page) -> None:
    """Fail when the page is wider than the screen: with its styles, since words stand there before."""
    page.wait_for_load_state("load")
    assert page.viewport_size is not None
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


def taken(page: Page, path: str) -> APIResponse:
    """Return the answer with a file that the worker may still be making, a minute at most."""
    end = time.monotonic() + 60
    while (answer := page.request.get(path)).status == 202:
        assert time.monotonic() < end, f"never made: {path}"
        page.wait_for_timeout(500)
    assert answer.status == 200, path
    return answer
