"""Give the base page the fields that point at Wagtail's own tables."""

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("portal", "0002_bootstrap_base_page")]

    operations = [
        migrations.AddField(
            model_name="basepage",
            name=name,
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="wagtailcore.revision",
                verbose_name=label,
            ),
        )
        for name, label in (("latest_revision", "latest revision"), ("live_revision", "live revision"))
    ] + [
        migrations.AlterField(
            model_name="basepage",
            name="locale",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="wagtailcore.locale",
                verbose_name="locale",
            ),
        ),
        migrations.AlterField(
            model_name="basepage",
            name="translation_key",
            field=models.UUIDField(default=uuid.uuid4, editable=False),
        ),
        migrations.AlterUniqueTogether(name="basepage", unique_together={("translation_key", "locale")}),
    ]
