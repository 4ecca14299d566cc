"""What was published before keeps its pictures and documents too, as they are now."""

from __future__ import annotations

import json
from typing import Any

from django.db import migrations
from django.db.models import TextField
from django.db.models.functions import Cast

from guias.models.held import used_in


def hold(apps: Any, schema_editor: Any) -> None:
    """Write a row for each file that is still there and is not held yet."""
    held = apps.get_model("guias", "HeldFile").objects
    kinds = {
        "image": apps.get_model("wagtailimages", "Image").objects,
        "document": apps.get_model("wagtaildocs", "Document").objects,
    }
    published = apps.get_model("guias", "Version").objects.filter(state__in=("vigente", "retirada"))
    for pk, body in published.annotate(raw=Cast("body", TextField())).values_list("pk", "raw"):
        used = used_in(json.loads(body))
        for name, keys in (("image", used.images), ("document", used.documents)):
            for key in kinds[name].filter(pk__in=keys).values_list("pk", flat=True):
                held.get_or_create(version_id=pk, **{f"{name}_id": key})


class Migration(migrations.Migration):
    dependencies = [("guias", "0026_hold_files_of_the_published")]

    operations = [migrations.RunPython(hold, migrations.RunPython.noop)]
