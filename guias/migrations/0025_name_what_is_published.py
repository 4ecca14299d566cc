"""What is published is called as its guide is called now: before, nobody kept how it was called then."""

from __future__ import annotations

from typing import Any

from django.db import migrations


def name(apps: Any, schema_editor: Any) -> None:
    """Write title and lead once, where there are none; the way back leaves them, whose columns go next."""
    versions = apps.get_model("guias", "Version").objects.filter(state__in=("vigente", "retirada"), title="")
    for pk, title, lead in list(versions.values_list("pk", "guide__title", "guide__lead")):
        versions.filter(pk=pk).update(title=title, lead=lead)


class Migration(migrations.Migration):
    dependencies = [("guias", "0024_titles_as_published")]

    operations = [migrations.RunPython(name, migrations.RunPython.noop)]
