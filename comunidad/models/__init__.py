"""Themes and their tutors, what members publish and answer, and how it is kept in order."""

from comunidad.models.engagement import Follow, Reaction
from comunidad.models.files import ResourceFile
from comunidad.models.groups import Group, Membership
from comunidad.models.history import Revision
from comunidad.models.moderation import Flag, ModerationEntry
from comunidad.models.polls import PollOption, Vote
from comunidad.models.posts import Post
from comunidad.models.replies import Reply
from comunidad.models.resources import Resource
from comunidad.models.themes import Theme

__all__ = [
    "Flag",
    "Follow",
    "Group",
    "Membership",
    "ModerationEntry",
    "PollOption",
    "Post",
    "Reaction",
    "Reply",
    "Resource",
    "ResourceFile",
    "Revision",
    "Theme",
    "Vote",
]
