"""Say of the files that could not be made why, which until now stood in the words of the error alone."""

import errno

from django.db import migrations
from django.db.models import Q

FULL = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)


def name(apps, schema_editor):
    unmarked = ("signed", "encrypted", "broken")  # said of files that are ready, and no failure
    failed = apps.get_model("guias", "Rendition").objects.exclude(error="").exclude(error__in=unmarked)
    full = Q()
    for number in FULL:
        full |= Q(error__contains=f"[Errno {number}]")
    failed.update(failure="otra")
    failed.filter(full).update(failure="no-cabe")


class Migration(migrations.Migration):

    dependencies = [("guias", "0031_why_a_file_failed")]

    operations = [migrations.RunPython(name, migrations.RunPython.noop)]
