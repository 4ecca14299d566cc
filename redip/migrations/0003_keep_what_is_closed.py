"""Let the database itself refuse to delete approved actas, who was at them, and editions.

The guards are put in place after ``migrate`` (``redip.models.freeze``), where this has been applied.
"""

from django.db import migrations

from redip.models import freeze


def let_go(apps, schema_editor):
    freeze.let_go(schema_editor.connection)


class Migration(migrations.Migration):

    dependencies = [("redip", "0002_freeze_what_is_closed")]

    operations = [migrations.RunPython(migrations.RunPython.noop, let_go)]
