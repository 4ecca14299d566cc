"""``manage.py create_tutor EMAIL THEME…``: an account, new or not, that looks after themes of the forum."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction

from comunidad.models import Theme
from portal.cuentas.models import User


class Command(BaseCommand):
    """Makes the account if there is none, without a password: she enters with a code sent to her address."""

    help = "Nombra a una persona tutora de uno o más temas. Si no tiene cuenta, la crea."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take who and of what."""
        parser.add_argument("email", metavar="EMAIL")
        parser.add_argument("themes", nargs="+", metavar="TEMA", help="Lo que sigue a /comunidad/.")
        parser.add_argument("--names", default="", help="Nombres, si la cuenta es nueva.")
        parser.add_argument("--surnames", default="", help="Apellidos, si la cuenta es nueva.")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """Name her; again changes nothing."""
        themes = self._themes(options["themes"])
        user, created = self._person(options["email"], options["names"], options["surnames"])
        for theme in themes:
            theme.tutors.add(user)
        names = ", ".join(theme.name for theme in themes)
        self.stdout.write(f"{user.email} es tutora de: {names}.")
        if created:
            self.stdout.write(
                "La cuenta es nueva y no tiene clave: en /cuenta/entrar/ pide un código por correo."
            )

    def _themes(self, slugs: list[str]) -> list[Theme]:
        found = {theme.slug: theme for theme in Theme.objects.filter(slug__in=slugs)}
        if unknown := [slug for slug in slugs if slug not in found]:
            known = ", ".join(Theme.objects.values_list("slug", flat=True)) or "ninguno"
            raise CommandError(f"No hay un tema {', '.join(unknown)}. Los que hay: {known}")
        return [found[slug] for slug in dict.fromkeys(slugs)]

    def _person(self, email: str, names: str, surnames: str) -> tuple[User, bool]:
        email = email.strip().lower()
        try:
            validate_email(email)
        except ValidationError as error:
            raise CommandError(f"{email} no es un correo.") from error
        user = User.objects.filter(email=email).first()
        if user is not None:
            if not user.is_active:
                raise CommandError(f"La cuenta {email} está cerrada.")
            return user, False
        user = User.objects.create_user(email, first_names=names, last_names=surnames)
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
        return user, True
