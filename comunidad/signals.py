"""What the app announces to whoever composes the portal and to open pages; all of it after commit."""

from django.dispatch import Signal

post_published = Signal()
"""``resource``: readers may see it from now on, whether at once or after approval; ``by``: who made it so."""

reply_posted = Signal()
"""``reply``: readers may see it from now on, whether at once or after approval; ``by``: who made it so."""

post_held = Signal()
"""``post``: a resource or a reply of a new member that waits for a tutor."""

post_approved = Signal()
"""``post``: waited, and was approved by ``by``."""

post_edited = Signal()
"""``post``: its text or its title changed; ``by``: who wrote."""

answer_accepted = Signal()
"""``resource``: a question; ``reply``: now its answer; ``by``: who said so."""

answer_withdrawn = Signal()
"""``resource``: a question that has no accepted answer any more."""

post_flagged = Signal()
"""``flag``: somebody asks a tutor to look at a message."""

post_hidden = Signal()
"""``post``: taken out of sight by ``by`` for ``reason``."""

post_restored = Signal()
"""``post``: in sight again, by ``by``."""

review_asked = Signal()
"""``entry``: its author asks that a moderation be looked at again."""

review_refused = Signal()
"""``entry``: a tutor looked again and kept it, with ``reason``."""

reaction_changed = Signal()
"""``post``: somebody found it useful, or no longer does."""

vote_cast = Signal()
"""``resource``: a poll that somebody voted in."""

access_changed = Signal()
"""``user_id``: may now read less or more than before (left a group, was let in)."""

group_requested = Signal()
"""``group``: asked for by its first member."""

group_decided = Signal()
"""``group``: opened, or not, by ``by``."""

joining_asked = Signal()
"""``membership``: somebody asks to be let into a group."""

joining_decided = Signal()
"""``membership``: let in by ``by``."""
