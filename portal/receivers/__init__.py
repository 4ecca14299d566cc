"""The one place where what an app announces becomes a notice, a mail or an index row.

Apps say facts; here is who hears of them and in which words, a module an app.
"""

from portal.receivers import community, content, learning, networks, reviews, searches

__all__ = ["community", "content", "learning", "networks", "reviews", "searches"]
