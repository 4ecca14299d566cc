"""The account: an e-mail is the name one signs in with; nothing else is needed to be someone here.

Names, city and institution are what other people see. Roles are not columns: a tutor is whom a
theme names, a member whom a mesa names, an editor who is in the group of editors.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class RequestedRole(models.TextChoices):
    """What a person says she is when she signs up; somebody confirms it later."""

    CENTER_STAFF = "centro", _("Trabajo en un centro")
    MEMBER = "redip", _("Participo en una RedIP")
    ENTREPRENEUR = "emprende", _("Tengo o quiero un negocio")
    JOB_SEEKER = "empleo", _("Busco empleo")
    OTHER = "otro", _("Otra persona interesada")


class UserManager(BaseUserManager["User"]):
    """Creates accounts by e-mail."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Create an account; the e-mail is kept in lower case. Raises ValueError without one."""
        if not email:
            raise ValueError("An account needs an e-mail address")
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Create an operator."""
        return self.create_user(email, password, **{"is_staff": True, "is_superuser": True, **fields})

    def get_by_natural_key(self, username: str | None) -> User:
        """Return the account whose e-mail is ``username``, whatever its capitals."""
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):  # type: ignore[django-manager-missing]
    """A person with an account."""

    email = models.EmailField(_("correo"), unique=True)
    first_names = models.CharField(_("nombres"), max_length=80, blank=True)
    last_names = models.CharField(_("apellidos"), max_length=80, blank=True)
    city = models.ForeignKey(
        "directorio.City",
        verbose_name=_("ciudad"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    institution = models.ForeignKey(
        "directorio.Institution",
        verbose_name=_("institución"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    requested_role = models.CharField(
        _("qué hace usted"), max_length=12, choices=RequestedRole.choices, blank=True
    )
    consented_at = models.DateTimeField(
        _("aceptó el tratamiento de datos"), null=True, blank=True, editable=False
    )
    consent_version = models.CharField(_("texto aceptado"), max_length=12, blank=True, editable=False)
    mail_notices = models.BooleanField(
        _("avisarme también por correo"),
        default=True,
        help_text=_("Compromisos que vencen, respuestas, reuniones y actas que esperan su visto bueno."),
    )
    is_demo = models.BooleanField(_("cuenta de demostración"), default=False, editable=False)
    is_staff = models.BooleanField(_("entra a la administración"), default=False)
    is_active = models.BooleanField(_("activa"), default=True)
    date_joined = models.DateTimeField(_("desde"), default=timezone.now, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        verbose_name = _("persona")
        verbose_name_plural = _("personas")
        constraints = [models.UniqueConstraint(Lower("email"), name="cuentas_user_email_unique")]

    def __str__(self) -> str:
        return self.display_name

    @property
    def display_name(self) -> str:
        """Names and surnames, or the part of the e-mail before the @ while there are none."""
        return f"{self.first_names} {self.last_names}".strip() or self.email.partition("@")[0]

    @property
    def mark(self) -> str:
        """What screens say of an account that nobody stands behind; nothing of all others."""
        return str(_("Cuenta de demostración")) if self.is_demo else ""

    @property
    def works_in_center(self) -> bool:
        """Whether she says that she works in a centre."""
        return self.requested_role == RequestedRole.CENTER_STAFF

    def get_full_name(self) -> str:
        """Return what others see; Wagtail's admin asks for it by this name."""
        return self.display_name

    def get_short_name(self) -> str:
        """Return the first of the names."""
        return self.display_name.split(" ", 1)[0]
