"""Django's settings, made out of Config; nothing else reads the environment."""

from __future__ import annotations

import secrets
from typing import Any
from urllib.parse import unquote, urlsplit

from reknit.config import Config

CONFIG = Config.read()


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
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;"
                ),
            },
            # A file in the tests too: other threads and processes must see it.
            "TEST": {"NAME": f"{path}.test"},
        }
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
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
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
