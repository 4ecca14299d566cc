"""Let the database itself refuse changes to approved actas and to editions."""

from django.db import migrations

from redip.models import freeze


def install(apps, schema_editor):
    freeze.install(schema_editor.connection)


def remove(apps, schema_editor):
    freeze.remove(schema_editor.connection)


class Migration(migrations.Migration):

    dependencies = [("redip", "0001_initial")]

    operations = [migrations.RunPython(install, remove)]
