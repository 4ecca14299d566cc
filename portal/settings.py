"""Every setting of the portal, secure by default; each difference between machines is a variable.

Variables are listed in ``.env.example`` and ``docs/configuration.md``. Computed parts live in
``portal/conf.py`` as tested functions. ``PORTAL_DEMO=1`` is what ``make run`` sets: demonstration
accounts and a secret key made on the spot; nothing else differs from production.
"""

import sys
from pathlib import Path

import environ

from portal import conf, logs

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")

# --- What the operator decides -------------------------------------------------------------------
DEBUG = conf.yes_or_no("DEBUG", env.str("DEBUG", default="0"))
PORTAL_DEMO = conf.yes_or_no("PORTAL_DEMO", env.str("PORTAL_DEMO", default="0"))
DEMO_PASSWORD = conf.demo_password(env.str("DEMO_PASSWORD", default="cemprende-demo"), demo=PORTAL_DEMO)
VAR_DIR = conf.folder("VAR_DIR", env.str("VAR_DIR", default=str(VAR_DIR)), "var")
SECRET_KEY = conf.secret_key(env.str("SECRET_KEY", default=""), directory=VAR_DIR, demo=PORTAL_DEMO or DEBUG)
PORT = conf.port_number("PORT", env.str("PORT", default="8000"))
BASE_URL = env.str("BASE_URL", default=conf.local_address(sys.argv, PORT))
ORIGIN = conf.origin(BASE_URL)
ALLOWED_HOSTS = conf.allowed_hosts(env.str("ALLOWED_HOSTS", default="127.0.0.1,localhost,[::1]"))
conf.must_answer(BASE_URL, ALLOWED_HOSTS)
REDIS_URL = conf.redis_url(env.str("REDIS_URL", default=""))
SEARCH_FOLDER = VAR_DIR / "index"
SEARCH_URL = env.str("SEARCH_URL", default=f"embedded:{SEARCH_FOLDER}")
SEARCH_ENGINE, SEARCH_PLACE = conf.search_engine(SEARCH_URL)
TALLY_SECONDS = 10
"""How long counts of what is searched and read gather before they are written; 0: until ``flush``."""
LOG_FORMAT = env.str("LOG_FORMAT", default="text")
OFFLINE_READING = conf.yes_or_no("OFFLINE_READING", env.str("OFFLINE_READING", default="1"))
SECOND_READER = conf.yes_or_no("SECOND_READER", env.str("SECOND_READER", default="0" if PORTAL_DEMO else "1"))
LETTER_HOURS = conf.whole_number("LETTER_HOURS", env.str("LETTER_HOURS", default="4"), most=168)
METRICS_TOKEN = conf.token("METRICS_TOKEN", env.str("METRICS_TOKEN", default=""))
WEB_PROCESSES = conf.whole_number("WEB_PROCESSES", env.str("WEB_PROCESSES", default="1"))

DATABASES = {
    "default": conf.with_engine_options(
        env.db_url_config(
            conf.database_url(env.str("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'portal.sqlite3'}"))
        )
    )
}
CACHES = conf.caches(REDIS_URL)
CHANNEL_LAYERS = conf.channel_layers(REDIS_URL)
vars().update(env.email_url_config(conf.email_url(env.str("EMAIL_URL", default="consolemail://"))))
DEFAULT_FROM_EMAIL = conf.sender(
    env.str("DEFAULT_FROM_EMAIL", default="Red Cemprende <no-responder@red.example>")
)

# --- Applications --------------------------------------------------------------------------------
INSTALLED_APPS = [
    "portal",
    "portal.cuentas",
    "portal.avisos",
    "comunidad",
    "redip",
    "guias",
    "directorio",
    "search",
    "nucleo",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.sites",
    "portal.cuentas.people_app.PeopleConfig",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_tasks",
    "django_tasks_db",
    "django_htmx",
    "channels",
    "csp",
    "ninja",
    "servestatic",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django.forms",
]
FORM_RENDERER = "nucleo.forms.FormRenderer"
MIDDLEWARE = [
    "portal.metrics.measured",
    "django.middleware.security.SecurityMiddleware",
    "portal.middleware.static_files",
    "portal.compression.Compression",
    "portal.middleware.unchanged",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "portal.middleware.wrong_forms",
    "portal.middleware.wrong_verbs",
    "portal.middleware.api_verbs",
    "portal.middleware.private_pages",
    "portal.middleware.admin_door",
    "portal.library.still_shown",
    "portal.middleware.browser_policies",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]
ROOT_URLCONF = "portal.urls"
ASGI_APPLICATION = "portal.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.avisos.context.unread",
                "portal.navigation.frame",
            ],
        },
    }
]

# --- People --------------------------------------------------------------------------------------
AUTH_USER_MODEL = "cuentas.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "portal.cuentas.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_FORMS = {
    name: f"portal.cuentas.forms.{form}"
    for name, form in {
        "login": "LoginForm",
        "signup": "SignupForm",
        "reset_password": "ResetPasswordForm",
        "reset_password_from_key": "ResetPasswordKeyForm",
        "set_password": "SetPasswordForm",
        "change_password": "ChangePasswordForm",
        "add_email": "ChangeEmailForm",
        "request_login_code": "RequestLoginCodeForm",
        "confirm_login_code": "ConfirmLoginCodeForm",
        "reauthenticate": "ReauthenticateForm",
    }.items()
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Red Cemprende"
MFA_FORMS = {
    "authenticate": "portal.cuentas.forms.AuthenticateForm",
    "activate_totp": "portal.cuentas.forms.ActivateTOTPForm",
}
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# --- Content -------------------------------------------------------------------------------------
WAGTAIL_PAGE_MODEL = "portal.BasePage"
WAGTAIL_SITE_NAME = "Red Cemprende"
WAGTAILADMIN_BASE_URL = ORIGIN
# Readers of what is sent for review get one mail; superusers would get two, of the stage and of the whole.
WAGTAILADMIN_NOTIFICATION_INCLUDE_SUPERUSERS = False
WAGTAILDOCS_EXTENSIONS = ["pdf", "docx", "odt", "xlsx", "csv"]
WAGTAILDOCS_DOCUMENT_FORM_BASE = "portal.library.DocumentForm"
WAGTAILIMAGES_IMAGE_FORM_BASE = "portal.library.ImageForm"
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "png", "webp", "gif"]
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAILADMIN_LOGIN_URL = "account_login"
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILUSERS_PASSWORD_REQUIRED = False
WAGTAIL_AUTOSAVE_INTERVAL = 0
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
TAGGIT_CASE_INSENSITIVE = True
TAGGIT_STRIP_UNICODE_WHEN_SLUGIFYING = True
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}

# --- Language and place --------------------------------------------------------------------------
LANGUAGE_CODE = "es-co"
LANGUAGES = [("es-co", "Español (Colombia)")]
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
TIME_ZONE = "America/Bogota"
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = ["portal.formats"]
LOCALE_PATHS = [BASE_DIR / "locale"]

# --- Files ---------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = conf.folder(
    "STATIC_ROOT", env.str("STATIC_ROOT", default=str(VAR_DIR / "static")), "var/static", written=False
)
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = VAR_DIR / "media"
MEDIA_URL = conf.media_url(env.str("MEDIA_URL_BASE", default="/media/"))
STORAGES = {
    "default": {"BACKEND": "nucleo.storage.WholeFileStorage"},
    # Never under MEDIA_ROOT: no web server serves it, only views that ask who is reading.
    "private": {
        "BACKEND": "nucleo.storage.WholeFileStorage",
        "OPTIONS": {"location": VAR_DIR / "private"},
    },
    "staticfiles": {"BACKEND": "portal.staticfiles.Storage"},
}

# --- Security ------------------------------------------------------------------------------------
HTTPS = ORIGIN.startswith("https://")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SESSION_COOKIE_HTTPONLY = True
CSRF_TRUSTED_ORIGINS = [ORIGIN]
CSRF_FAILURE_VIEW = "portal.views.errors.csrf_failure"
X_FRAME_OPTIONS = "SAMEORIGIN"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "worker-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'self'"],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

# --- Logs ----------------------------------------------------------------------------------------
LOGGING = logs.logging_config(LOG_FORMAT, debug=DEBUG)
