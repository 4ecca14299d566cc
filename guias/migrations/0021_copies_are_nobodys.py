"""Drafts begun before name who asked for the copy as who wrote it: take her off, and note that she began it.

It cannot be undone: afterwards nothing tells which copies once had a name. Going back leaves them without one, as
the code before this migration makes them too.
"""

import json

from django.db import migrations
from django.db.models import TextField
from django.db.models.functions import Cast


def texts(rows):
    """Return what rows say as the database keeps it; the historical model knows no block and would drop them."""
    return rows.annotate(text=Cast("body", TextField())).values("summary", "text")


def copies_are_nobodys(apps, schema_editor):
    """Compare the first revision of each draft with the version in force, of which it is a copy."""
    version_model, revision_model = apps.get_model("guias", "Version"), apps.get_model("wagtailcore", "Revision")
    entry_model, type_model = apps.get_model("wagtailcore", "ModelLogEntry"), apps.get_model("contenttypes", "ContentType")
    kind = type_model.objects.filter(app_label="guias", model="version").first()
    if kind is None:  # a new database
        return
    for draft in version_model.objects.filter(live=False).values("pk", "guide"):
        current = texts(version_model.objects.filter(guide=draft["guide"], state="vigente")).first()
        revisions = revision_model.objects.filter(base_content_type=kind, object_id=str(draft["pk"]))
        first = revisions.order_by("created_at", "pk").first()
        if current is None or first is None or first.user_id is None:
            continue
        said = first.content["summary"], json.loads(first.content["body"]), first.content["changes"]
        if said == (current["summary"], json.loads(current["text"]), ""):
            entry_model.objects.create(
                content_type=kind,
                object_id=str(draft["pk"]),
                label=first.object_str,
                action="wagtail.create",
                timestamp=first.created_at,
                user_id=first.user_id,
                data={},
                content_changed=False,
            )
            revision_model.objects.filter(pk=first.pk).update(user=None)


class Migration(migrations.Migration):

    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("guias", "0020_remarks"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [migrations.RunPython(copies_are_nobodys, migrations.RunPython.noop)]
