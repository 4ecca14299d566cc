"""Spanish addresses for accounts; the names are allauth's, so that its code finds them."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from django.urls import path, re_path

from portal.cuentas import views

urlpatterns = [
    path("", views.profile, name="account_profile"),
    path("datos/", views.data, name="account_data"),
    path("datos/mis-datos.json", views.export, name="account_export"),
    path("datos/borrar/", views.erase, name="account_erase"),
    path("entrar/", account.login, name="account_login"),
    path("salir/", account.logout, name="account_logout"),
    path("crear/", account.signup, name="account_signup"),
    path("cerrada/", account.account_inactive, name="account_inactive"),
    path("otra-vez/", account.reauthenticate, name="account_reauthenticate"),
    path("codigo/", account.request_login_code, name="account_request_login_code"),
    path("codigo/confirmar/", account.confirm_login_code, name="account_confirm_login_code"),
    path("correo/", account.email, name="account_email"),
    path("confirmar/", account.email_verification_sent, name="account_email_verification_sent"),
    re_path(r"^confirmar/(?P<key>[-:\w]+)/$", account.confirm_email, name="account_confirm_email"),
    path("clave/", views.ForgottenPassword.as_view(), name="account_reset_password"),
    path("clave/enviada/", account.password_reset_done, name="account_reset_password_done"),
    path("clave/cambiar/", account.password_change, name="account_change_password"),
    path("clave/poner/", account.password_set, name="account_set_password"),
    re_path(
        r"^clave/nueva/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.NewPassword.as_view(),
        name="account_reset_password_from_key",
    ),
    path("dos-pasos/", mfa.index, name="mfa_index"),
    path("dos-pasos/entrar/", mfa.authenticate, name="mfa_authenticate"),
    path("dos-pasos/otra-vez/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("dos-pasos/activar/", totp.activate_totp, name="mfa_activate_totp"),
    path("dos-pasos/quitar/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("dos-pasos/respaldo/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("dos-pasos/respaldo/nuevos/", recovery.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("dos-pasos/respaldo/archivo/", recovery.download_recovery_codes, name="mfa_download_recovery_codes"),
]
