"""Let the database itself refuse to delete published versions, and to forget the files that they show."""

from django.db import migrations

from guias.models import freeze


def keep(apps, schema_editor):
    freeze.keep(schema_editor.connection)


def let_go(apps, schema_editor):
    freeze.let_go(schema_editor.connection)


class Migration(migrations.Migration):

    dependencies = [("guias", "0028_chapters_of_paper_forms")]

    operations = [migrations.RunPython(keep, let_go)]
