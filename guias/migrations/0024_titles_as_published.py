"""The way back takes the guard of published versions away first: it names these columns. ``migrate`` puts it back."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models

from guias.models import freeze


def unguarded(apps: Any, schema_editor: Any) -> None:
    """Take the guard away."""
    freeze.remove(schema_editor.connection)


class Migration(migrations.Migration):

    dependencies = [
        ('guias', '0023_summary_is_the_main_points'),
    ]

    operations = [
        migrations.AddField(
            model_name='version',
            name='lead',
            field=models.CharField(blank=True, default='', editable=False, max_length=240, verbose_name='frase'),
        ),
        migrations.AddField(
            model_name='version',
            name='title',
            field=models.CharField(blank=True, default='', editable=False, max_length=160, verbose_name='título'),
        ),
        migrations.RunPython(migrations.RunPython.noop, unguarded),
    ]
