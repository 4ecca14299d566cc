"""Suppliers (proveedores): business units that the network supported and that sell something."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from directorio.models.entries import Entry
from directorio.models.nit import validate_nit
from directorio.models.places import City
from directorio.models.trades import Trade

if TYPE_CHECKING:
    from directorio.models.demands import Demand


class SupplierQuerySet(models.QuerySet["Supplier"]):
    """Reads of suppliers."""

    def visible_to(self, user: Any) -> SupplierQuerySet:
        """Those who consented to be published; who may edit suppliers sees all of them."""
        if user.has_perm("directorio.change_supplier"):
            return self.all()
        return self.filter(consent=True)

    def matching(self, demand: Demand) -> SupplierQuerySet:
        """Those who may answer ``demand``: same trade, and same city when it names one."""
        found = self.filter(trade=demand.trade)
        return found.filter(city_id=demand.city_id) if demand.city_id else found

    def with_counts(self) -> SupplierQuerySet:
        """Add ``demand_count``: open demands of its trade, in its city or in the whole country."""
        from directorio.models.demands import Demand

        open_here = (
            Demand.objects.open()
            .filter(trade=models.OuterRef("trade"))
            .filter(Q(city=models.OuterRef("city")) | Q(city__isnull=True))
            .order_by()
            .values("trade")
            .annotate(n=models.Count("pk"))
            .values("n")
        )
        return self.annotate(demand_count=Coalesce(models.Subquery(open_here), 0))


class Supplier(Entry):
    """A business unit with what it sells and how to reach it."""

    name = models.CharField(_("nombre"), max_length=160)
    slug = models.SlugField(_("dirección en el portal"), max_length=160, unique=True)
    city = models.ForeignKey(City, models.PROTECT, verbose_name=_("ciudad"), related_name="suppliers")
    trade = models.CharField(_("sector"), max_length=14, choices=Trade.choices)
    products = models.TextField(
        _("qué vende"),
        help_text=_("Un producto o servicio por línea. Puede explicarlo después de dos puntos."),
    )
    description = models.TextField(_("quién es"), blank=True)
    contact_name = models.CharField(_("persona de contacto"), max_length=120, blank=True)
    email = models.EmailField(_("correo"), blank=True)
    whatsapp = models.CharField(
        _("WhatsApp"),
        max_length=10,
        blank=True,
        validators=[RegexValidator(r"^3\d{9}$", _("Es un celular de diez cifras que empieza por 3."))],
    )
    nit = models.CharField(
        _("NIT"),
        max_length=17,
        blank=True,
        validators=[validate_nit],
        help_text=_("Con el dígito de verificación, sin puntos. No se muestra en público."),
    )
    consent = models.BooleanField(
        _("autorizó publicar sus datos"),
        default=False,
        help_text=_("Sin la autorización (Ley 1581 de 2012) la ficha no se ve en el portal."),
    )
    is_demo = models.BooleanField(_("de demostración"), default=False)

    objects: ClassVar[models.Manager[Supplier]] = SupplierQuerySet.as_manager()

    class Meta:
        verbose_name = _("proveedor")
        verbose_name_plural = _("proveedores")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["nit"],
                condition=~Q(nit=""),
                name="directorio_supplier_one_a_nit",
                violation_error_message=_("Ya hay un proveedor con este NIT."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The supplier's entry in the directory."""
        return reverse("directorio:supplier", args=[self.slug])

    @property
    def product_lines(self) -> list[tuple[str, str]]:
        """What it sells as (name, explanation), one for each written line."""
        lines = [line.strip() for line in self.products.splitlines() if line.strip()]
        return [(name.strip(), text.strip()) for name, _sep, text in (line.partition(":") for line in lines)]
