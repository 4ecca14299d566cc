"""What readers get of an official file is made of it from now on: what was made of the content in its place goes.

Nothing is lost: the official file is given as it came until the worker has put its codes on it. Going back
needs nothing, since the code before reads the official file alone.
"""

from django.db import migrations, models


def give_up(apps, schema_editor):
    Rendition = apps.get_model("guias", "Rendition")
    OfficialFile = apps.get_model("guias", "OfficialFile")
    official = OfficialFile.objects.filter(version=models.OuterRef("version"), format=models.OuterRef("format"))
    Rendition.objects.filter(models.Exists(official)).update(state="pendiente", source="")


class Migration(migrations.Migration):

    dependencies = [
        ('guias', '0029_keep_what_is_published'),
    ]

    operations = [
        migrations.RunPython(give_up, migrations.RunPython.noop),
    ]
