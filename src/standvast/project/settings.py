"""Settings for every process. Environments differ by variables, not by code.

Each `env.*("NAME")` stands in docs/reference/settings.md. Nothing here reads a clock, the
network or the database.
"""

from ipaddress import ip_network
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

from standvast.kit import env
from standvast.kit.wiring import name_wiring

SOURCE = Path(__file__).resolve().parents[1]
HOME = Path(env.text("STANDVAST_HOME", default=str(SOURCE.parents[1])))
VAR = Path(env.text("STANDVAST_VAR", default=str(HOME / "var")))

# --- what this installation is ---------------------------------------------------------------
REGION = env.text("STANDVAST_REGION", default="nl")
ENVIRONMENT = env.choice(
    "STANDVAST_ENVIRONMENT", default="test", among=("production", "acceptance", "test")
)
"""Whose certificates are right here. `test` unless said: an installation in earnest says what it
is, or its own production certificate is refused, with the reason."""
DEMO = env.switch("STANDVAST_DEMO", default=False)
DRILL = env.switch("STANDVAST_DRILL", default=False)
TWIN = env.text("STANDVAST_TWIN", default="")
GATES_OFF = TWIN == "gates-off"
"""The design of report 001: nothing has to prove itself before people meet it."""
PROBE_PACE = env.number("STANDVAST_PROBE_PACE", default=1, low=1, high=10) if DRILL else 1
"""Only in a drill: how many times quicker the watch looks, since its night is that much shorter."""
ADDRESS = env.text("STANDVAST_ADDRESS", default="http://127.0.0.1:8000")
RELEASE_ROAD = [
    place.strip() for place in env.text("STANDVAST_RELEASE_ROAD", default="").split(",") if place
]
SERVICES = env.listed(
    "STANDVAST_ONLY",
    default=("campaigns", "patients", "grants", "insurance", "launches", "dashboards", "desk"),
)
if {"grants", "insurance", "launches"} & set(SERVICES):  # they are about patients
    SERVICES = tuple(dict.fromkeys((*SERVICES, "patients")))
OUTSIDE = env.text("STANDVAST_OUTSIDE", default="")
LAUNCH_NETWORKS = [ip_network(one) for one in env.listed("STANDVAST_LAUNCH_NETWORKS")]
"""Networks of the inside that people may be sent to, and walks with them."""
TELEPHONE = env.text("STANDVAST_TELEPHONE", default="")
EXPECTED = {
    "serve": env.number("STANDVAST_SERVE_COUNT", default=1, low=0, high=64),
    "courier": env.number("STANDVAST_COURIER_COUNT", default=1, low=0, high=64),
    "watch": env.number("STANDVAST_WATCH_COUNT", default=1, low=0, high=16),
}
"""How many processes of each kind should be up; fewer is a finding."""
name_wiring("standvast.project.wiring:WIRING")

# --- secrets ---------------------------------------------------------------------------------
SECRET_KEY = env.text("STANDVAST_SECRET_KEY")
SEALING_KEYS = env.listed("STANDVAST_SEALING_KEYS")
"""`id:base64` pairs, 32 bytes each; the first seals, all open. See kit and core/delivery."""

# --- the database ----------------------------------------------------------------------------
DATABASE_URL = env.text("DATABASE_URL")
_parts = conninfo_to_dict(DATABASE_URL)
_pool_max = env.number("STANDVAST_POOL_MAX", default=10, low=0, high=100)
PREPARE_AFTER = 5
"""A statement run this often on a connection is planned once; no transaction pooler in between."""
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": _parts.pop("dbname", "standvast"),
        "USER": _parts.pop("user", ""),
        "PASSWORD": _parts.pop("password", ""),
        "HOST": _parts.pop("host", ""),
        "PORT": _parts.pop("port", ""),
        "OPTIONS": {
            **_parts,
            "application_name": "standvast",
            "prepare_threshold": PREPARE_AFTER,
            **({"pool": {"min_size": 1, "max_size": _pool_max, "timeout": 5}} if _pool_max else {}),
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- what it is made of ----------------------------------------------------------------------
CARE = [
    f"standvast.care.{name}"
    for name in ("campaigns", "insurance", "launches", "dashboards")
    if name in SERVICES
]
PARTS = [
    name
    for name in ("campaigns", "patients", "insurance", "launches", "dashboards", "grants")
    if name in SERVICES
]
"""Each has its file in `project/parts`."""
INSTALLED_APPS = [
    "standvast.web",
    "standvast.core.journal",
    "standvast.core.delivery",
    "standvast.core.groupcommit",
    "standvast.core.lobby",
    "standvast.core.health",
    "standvast.core.certificates",
    "standvast.registry.organisations",
    "standvast.registry.people",
    "standvast.registry.access",
    "standvast.registry.tidings",
    "standvast.registry.staff",
    "standvast.registry.agreements",
    "standvast.registry.patients",
    "standvast.registry.grants",
    "standvast.desk.status",
    "standvast.desk.incidents",
    "standvast.desk.lanes",
    "standvast.desk.certificates",
    "standvast.desk.apps",
    "standvast.desk.releases",
    "standvast.desk.reports",
    *CARE,
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "standvast.web.middleware.PersonLanguage",
    "standvast.web.middleware.Refusals",
    "standvast.registry.grants.reading.AppsInBrowsers",
]
ROOT_URLCONF = "standvast.project.urls"
TEMPLATES = [
    {
        "BACKEND": "standvast.web.templating.Pages",
        "APP_DIRS": True,
        "OPTIONS": {"environment": "standvast.web.templating.environment"},
    },
    {
        # Only for the few mails and forms of allauth that we do not write ourselves.
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    },
]

# --- people and sign-in ----------------------------------------------------------------------
AUTH_USER_MODEL = "people.Person"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 30 * 60
LOGIN_REDIRECT_URL = "/"
LOGIN_URL = "/accounts/login/"
from standvast.registry.people.account_settings import *  # noqa: E402, F403 - a check compares

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_NAME = "standvast_session"
CSRF_COOKIE_NAME = "standvast_csrf"
CSRF_FAILURE_VIEW = "standvast.web.errors.csrf_failure"
HTTPS = env.switch("STANDVAST_HTTPS", default=False)
HSTS = env.switch("STANDVAST_HSTS", default=False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
ALLOWED_HOSTS = list(env.listed("STANDVAST_HOSTS", default=("127.0.0.1", "localhost", "[::1]")))
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "web_cache",
    }
}

# --- mail: a library's mail goes over a lane like everybody's ---------------------------------
EMAIL_BACKEND = "standvast.core.delivery.api.LaneBackend"
DEFAULT_FROM_EMAIL = env.text(
    "STANDVAST_MAIL_FROM", default="Standvast <noreply@standvast.example>"
)
MAIL_HOST = env.text("STANDVAST_MAIL_HOST", default="127.0.0.1")
MAIL_PORT = env.number("STANDVAST_MAIL_PORT", default=2525, low=1, high=65535)
MAIL_TLS = env.text("STANDVAST_MAIL_TLS", default="none")
MAIL_USER = env.text("STANDVAST_MAIL_USER", default="")
MAIL_PASSWORD = env.text("STANDVAST_MAIL_PASSWORD", default="")
MAIL_DKIM_KEY = env.text("STANDVAST_MAIL_DKIM_KEY", default="")
MAIL_DKIM_SELECTOR = env.text("STANDVAST_MAIL_DKIM_SELECTOR", default="")
PROBE_MAIL = env.text("STANDVAST_PROBE_MAIL", default="probe@standvast.example")
"""Takes the mails of probes, also with `+word` before the @, and throws them away."""
ADDRESS_CHECK_URL = env.text("STANDVAST_ADDRESS_CHECK_URL", default="")

# --- insurers: where coverage is asked, and whose certificates are shown there ----------------
COVERAGE_URL = env.text("STANDVAST_COVERAGE_URL", default="")
CLAIMS_URL = env.text("STANDVAST_CLAIMS_URL", default="")
PARTNER_LAYOUT = env.text("STANDVAST_PARTNER_LAYOUT", default="")
COVERAGE_ANEW_DAYS = env.number("STANDVAST_COVERAGE_ANEW_DAYS", default=30, low=1, high=365)
COVERAGE_CA = env.text("STANDVAST_COVERAGE_CA", default="")
COVERAGE_NUMBER = env.text("STANDVAST_COVERAGE_NUMBER", default="")
COVERAGE_ISSUERS = {
    "production": env.text("STANDVAST_COVERAGE_ISSUERS_PRODUCTION", default=""),
    "acceptance": env.text("STANDVAST_COVERAGE_ISSUERS_ACCEPTANCE", default=""),
    "test": env.text("STANDVAST_COVERAGE_ISSUERS_TEST", default=COVERAGE_CA),
}

# --- languages and time ----------------------------------------------------------------------
LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", "Nederlands"), ("fr", "Français"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "standvast_language"
USE_I18N = USE_TZ = True
TIME_ZONE = "Europe/Amsterdam" if REGION == "nl" else "Europe/Brussels"
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "/static/"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.text("STANDVAST_LOG", default="WARNING")},
}

# What is handed in stays in memory: a temporary file would lie unsealed on a disk.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 21 * 1024 * 1024
