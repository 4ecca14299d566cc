"""A person's own pages: profile, and what the portal keeps of her.

Signing in and out is allauth's, and a forgotten password too, but for where that leads: to the page that one
was headed for (``next``, which ``adapter`` puts into the letter).
"""

from __future__ import annotations

from allauth.account import views as allauth_views
from allauth.account.forms import ResetPasswordKeyForm
from allauth.account.utils import perform_login
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from nucleo.ratelimit import rate_limited
from portal.cuentas import actions
from portal.cuentas.forms import EraseForm, ProfileForm
from portal.cuentas.models import User


class OwnRequest(HttpRequest):
    """What a view behind ``login_required`` receives; a type, never constructed."""

    user: User


class ForgottenPassword(allauth_views.PasswordResetView):  # type: ignore[misc]
    """Ask for the link. Allauth would lead on to ``next`` at once; here one reads what to do."""

    def get_success_url(self) -> str:
        """Carry ``next`` along."""
        address: str = self.passthrough_next_url(reverse("account_reset_password_done"))
        return address


class NewPassword(allauth_views.PasswordResetFromKeyView):  # type: ignore[misc]
    """Set it, and be in: who reads that mail can enter with a code too, so typing it again proves nothing.

    A second step is asked for all the same, and ``next`` waits behind it.
    """

    success_url = reverse_lazy("account_profile")
    """Asked for by allauth, whose own page there is not; where one is led says ``form_valid``."""

    def form_valid(self, form: ResetPasswordKeyForm) -> HttpResponse:
        """Keep the password and its letter as allauth does; lead to the page that was wanted."""
        super().form_valid(form)
        response: HttpResponse = perform_login(
            self.request, self.reset_user, redirect_url=self.get_next_url()
        )
        return response


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def profile(request: OwnRequest) -> HttpResponse:
    """What others see of a person, and how she is told of things."""
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST":
        if form.is_valid():
            form.save()
            messages.success(request, _("Sus datos quedaron guardados."))
            return redirect("account_profile")
        request.user.refresh_from_db()
    return render(request, "cuentas/profile.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@login_required
@require_GET
def data(request: OwnRequest) -> HttpResponse:
    """What one may do with one's own data."""
    return render(request, "cuentas/data.html")


@never_cache
@login_required
@require_GET
def export(request: OwnRequest) -> HttpResponse:
    """All that the portal keeps of the person, as one file."""
    response = JsonResponse(
        actions.export(user=request.user), json_dumps_params={"ensure_ascii": False, "indent": 1}
    )
    response["Content-Disposition"] = 'attachment; filename="mis-datos-red-cemprende.json"'
    return response


@never_cache
@login_required
@rate_limited("erase", limit=10, seconds=300)
@require_http_methods(["GET", "POST"])
def erase(request: OwnRequest) -> HttpResponse:
    """Close the account for good, after the word that confirms it."""
    form = EraseForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        user = request.user
        logout(request)
        actions.erase(user=user)
        messages.success(request, _("Su cuenta quedó cerrada y sus datos, borrados."))
        return redirect("/")
    return render(request, "cuentas/erase.html", {"form": form}, status=422 if form.errors else 200)
