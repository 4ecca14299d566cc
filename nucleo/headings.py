"""Levels of headings that skip none: what PDF/UA asks, and screen readers and Word's navigation expect."""

from __future__ import annotations


def closed(above: list[int], said: int) -> int:
    """Return the level of a heading that says ``said``: one under the nearest of ``above`` that says less.

    ``above`` holds what the headings over it say, outermost first; it is brought up to date for the next.
    """
    while above and above[-1] >= said:
        above.pop()
    above.append(said)
    return len(above)
