"""Who may do what with guides. Reading is for all; writing for the group of editors.

The twins are ``Guide.objects.visible_to`` and ``Version.objects.visible_to``. An editor is who has
Wagtail's permission to change versions; publishing is a permission of its own.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings

from guias.enums import GuideState, VersionState
from guias.models import ChapterReview, Guide, PaperForm, Version
from guias.models.guides import is_editor
from guias.models.ownership import edits_route
from guias.models.versions import wrote


def can_see_guide(user: Any, guide: Guide) -> bool:
    """Public guides: everyone. Those in reserve: editors."""
    return guide.is_public or is_editor(user)


def can_see_version(user: Any, version: Version) -> bool:
    """Published versions of public guides: everyone, retired ones too. Drafts: editors."""
    return (version.is_published and version.guide.is_public) or is_editor(user)


def can_write(user: Any, guide: Guide) -> bool:
    """Editors write and shelve guides, of all routes or of those that are named for them."""
    return is_editor(user) and edits_route(user, guide.route)


def can_begin_to_write(user: Any) -> bool:
    """Who edits guides, of whatever route."""
    return is_editor(user)


def can_see_paper_form(user: Any, form: PaperForm) -> bool:
    """Published forms: everyone, with or without an account, who may also fill them. Others: editors.

    The twin is ``PaperForm.objects.visible_to``. Nothing of what is filled in is kept, so there is nothing
    that an account would protect.
    """
    return form.is_public or is_editor(user)


def can_write_paper_form(user: Any, form: PaperForm) -> bool:
    """Who edits guides of its route."""
    return is_editor(user) and edits_route(user, form.route)


def can_edit_version(user: Any, version: Version) -> bool:
    """Editors of its route, while it is not published; nobody afterwards, whatever her rank."""
    return not version.live and not version.is_published and can_write(user, version.guide)


def can_publish_version(user: Any, version: Version) -> bool:
    """Who may publish versions, once; not what she wrote of herself where a second person has to read it."""
    may = can_edit_version(user, version) and bool(user.has_perm("guias.publish_version"))
    return may and not (settings.SECOND_READER and wrote(user, version))


def can_delete_version(user: Any, version: Version) -> bool:
    """Drafts only: what was published never vanishes."""
    return can_edit_version(user, version) and bool(user.has_perm("guias.delete_version"))


def can_tick(user: Any, guide: Guide) -> bool:
    """Who has an account; the others' marks stay in their browser."""
    return bool(getattr(user, "is_authenticated", False)) and can_see_guide(user, guide)


def can_follow(user: Any, guide: Guide) -> bool:
    """Who has an account, of a guide that she sees and that may still change."""
    return guide.state != GuideState.RETIRED and can_tick(user, guide)


def can_give_opinion(user: Any, version: Version) -> bool:
    """Everyone who reads it, with or without an account, of the version in force."""
    return version.state == VersionState.IN_FORCE and can_see_version(user, version)


def can_attend_to_opinions(user: Any) -> bool:
    """Who edits guides reads what was missing in them, and says when it is mended."""
    return is_editor(user)


def can_review(user: Any, review: ChapterReview) -> bool:
    """Who answers for a chapter says whether it still holds, whatever her rank; so do its editors."""
    if not getattr(user, "is_active", False):
        return False
    return can_write(user, review.guide) or user == review.answerable


def can_see_use(user: Any) -> bool:
    """Who edits guides, and whom operators let see how much they are used, by a permission of its own."""
    return is_editor(user) or bool(user.has_perm("guias.view_guideuse"))


def can_read_remarks(user: Any) -> bool:
    """Who edits guides, of whatever route, reads what is said of drafts."""
    return is_editor(user)


def can_remark(user: Any, version: Version) -> bool:
    """The same says something of a draft, or that it is settled, while it is one: others read it best."""
    return is_editor(user) and not version.is_published


def can_correct(user: Any, version: Version) -> bool:
    """Who edits guides notes what a published version says wrongly; a draft is simply written otherwise."""
    return version.is_published and can_write(user, version.guide)
