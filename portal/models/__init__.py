"""Models of the composition root: the pages that editors arrange."""

from portal.models.base import BasePage

__all__ = ["BasePage"]
