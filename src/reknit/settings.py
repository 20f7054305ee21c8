"""Django's settings, made out of Config; nothing else reads the environment."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONE, SELF

from reknit.config import Config

CONFIG = Config.read()
WEB = Path(__file__).parent / "web"


def _database(url: str) -> dict[str, Any]:
    """A database of Django's out of a URL; power loss takes no commit."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        path = unquote(parts.path)[1:] if parts.path.startswith("//") else unquote(parts.path)
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": path,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "cached_statements": 1_000,
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;"
                ),
            },
            # Kept by each thread from one request to the next, with the statements prepared on it.
            "CONN_MAX_AGE": 600,
            # A file in the tests too: other threads and processes must see it.
            "TEST": {"NAME": f"{path}.test"},
        }
    return {
        "ENGINE": "reknit.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        # A server on this machine is asked quicker by its socket: ?host=/run/postgresql
        "HOST": dict(parse_qsl(parts.query)).get("host") or parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        # Whatever a connection asks for the third time is planned once: planning took three times
        # as long as answering (ADR 13).
        "OPTIONS": {"server_side_binding": True, "prepare_threshold": 2},
    }


def _secret() -> str:
    """The installation's; before it is initialised (type checks, `--help`) a throw-away one."""
    file = CONFIG.secret_key_file
    return file.read_text() if file.exists() else secrets.token_urlsafe(64)


SECRET_KEY = _secret()
DEBUG = False
ALLOWED_HOSTS = [*CONFIG.allowed_hosts, "127.0.0.1", "localhost", "[::1]"]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "django_htmx",
    "reknit.sealing",
    "reknit.queue",
    "reknit.records",
    "reknit.guard",
    "reknit.intake",
    "reknit.casework",
    "reknit.web",
]
AUTH_USER_MODEL = "records.User"
DATABASES = {"default": _database(CONFIG.database_url), "keys": _database(CONFIG.keystore_url)}
DATABASE_ROUTERS = ["reknit.sealing.router.KeyStoreRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ROOT_URLCONF = "reknit.web.urls"
WSGI_APPLICATION = "reknit.web.wsgi.application"
MIDDLEWARE = [
    "reknit.web.headers.HeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "reknit.web.accounts.sessions.SealedSessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "reknit.web.doors.gate.FloodMiddleware",
    "reknit.web.addresses.SlashMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "reknit.web.routes.RoutesMiddleware",
    "axes.middleware.AxesMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": False,
        "DIRS": [WEB / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "reknit.web.context.page",
            ],
            "builtins": ["django.templatetags.i18n", "reknit.web.templatetags.reknit"],
        },
    }
]

# Each control of a form by Django's own templates in their faster form.
FORM_RENDERER = "django.forms.renderers.Jinja2"

# Who may sign in: reknit.web.accounts. An address or account that failed too often is refused
# before its password is hashed (trust: "throttle before hashing").
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "reknit.web.accounts.backends.StaffBackend",
]
PASSWORD_HASHERS = ["reknit.web.accounts.hashers.Argon2id"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("UserAttributeSimilarityValidator", {"user_attributes": ("email", "name")}),
        ("MinimumLengthValidator", {"min_length": 12}),
        ("CommonPasswordValidator", {}),
        ("NumericPasswordValidator", {}),
    )
]
PASSWORD_RESET_TIMEOUT = 24 * 3600  # of a one-time sign-in link, in seconds
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "reknit.web.accounts.adapters.StaffAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "20/5m/ip,10/5m/key",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
}
ACCOUNT_FORMS = {"login": "reknit.web.accounts.forms.SignInForm"}
MFA_ADAPTER = "reknit.web.accounts.adapters.SealedMFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Reknit"
MFA_FORMS = {"activate_totp": "reknit.web.accounts.forms.ActivateTOTPForm"}
# A browser takes passkeys over plain HTTP from localhost only; elsewhere HTTPS is needed anyway.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not CONFIG.secure
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if CONFIG.secure else 0
AXES_HANDLER = "axes.handlers.cache.AxesCacheHandler"
AXES_LOCKOUT_PARAMETERS = ["username"]
SILENCED_SYSTEM_CHECKS = ["axes.W006"]  # addresses are limited by ACCOUNT_RATE_LIMITS above
AXES_FAILURE_LIMIT = 10
AXES_USERNAME_CALLABLE = "reknit.web.accounts.throttle.account_tried"
AXES_CLIENT_IP_CALLABLE = "reknit.web.accounts.throttle.address"
AXES_CLIENT_STR_CALLABLE = "reknit.web.accounts.throttle.without_names"
AXES_LOCKOUT_CALLABLE = "reknit.web.refusals.locked_out"
AXES_COOLOFF_TIME = 0.25  # hours
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False

# Counts of attempts and used codes: in the database, so that every process sees them.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "web_cacheentry",
    }
}

# A session idles out in 30 minutes; its row is sealed and named by a digest of its cookie.
SESSION_ENGINE = "reknit.web.accounts.sessions"
SESSION_COOKIE_AGE = 30 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = CONFIG.secure
SESSION_COOKIE_NAME = "__Host-reknit" if CONFIG.secure else "reknit"
CSRF_COOKIE_NAME = "__Host-reknit-form" if CONFIG.secure else "reknit-form"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "reknit.web.refusals.stale_form"
LANGUAGE_COOKIE_NAME = "reknit-language"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SECURE = CONFIG.secure
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Nothing inline, nothing from elsewhere. Tabler's style sheet draws small marks from data: URLs.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = False  # the proxy that ends TLS does it
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if CONFIG.secure else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if CONFIG.secure else None

# Files that come with a request: 20 MB at most (trust: test 14), on disk only while it lasts.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 21 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500

STATIC_URL = "static/"
STATIC_ROOT = WEB / "built"
STATICFILES_DIRS = [WEB / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MANIFEST_STRICT = True

LANGUAGES = [
    ("en", "English"),
    ("fr", "Français"),
    ("es", "Español"),
    ("ar", "العربية"),
    ("uk", "Українська"),
]
LOCALE_PATHS = [WEB / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
