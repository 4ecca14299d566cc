"""Let the database itself refuse changes to approved actas and to editions.

The guards are put in place after ``migrate`` (``redip.models.freeze``), where this has been applied: a later migration
of the same run could not make the table of actas anew under them.
"""

from django.db import migrations

from redip.models import freeze


def remove(apps, schema_editor):
    freeze.remove(schema_editor.connection)


class Migration(migrations.Migration):

    dependencies = [("redip", "0001_initial")]

    operations = [migrations.RunPython(migrations.RunPython.noop, remove)]
