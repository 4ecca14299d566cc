"""Join the base page to Wagtail's locales in the order Wagtail asks for a swapped page model.

0001 must come before Wagtail's own first migration (which points at the page model), so what points
the other way is added here and in 0003.
"""

from django.db import migrations
from wagtail.models import BootstrapLocaleField, BootstrapTranslatableModel, BootstrapTranslationKeyField


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0001_initial"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [
        BootstrapLocaleField("portal.BasePage"),
        BootstrapTranslationKeyField("portal.BasePage"),
        BootstrapTranslatableModel("portal.BasePage"),
    ]
