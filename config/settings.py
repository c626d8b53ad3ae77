"""Everything that is set, in one place. Unset variables mean the embedded default; see docs/reference/settings.md."""

import hashlib
from pathlib import Path
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from config import env
from config.database import database
from config.guards import ISOLATION, guards, media_origin, of_a_file
from config.keys import load_keys

ROOT = Path(__file__).resolve().parent.parent
COMMONWEAL_DATA = env.folder("COMMONWEAL_DATA", ROOT / "data")
COMMONWEAL_DEMO = env.flag("COMMONWEAL_DEMO")
COMMONWEAL_KEYS = load_keys(COMMONWEAL_DATA)
COMMONWEAL_BASE_URL = env.text("COMMONWEAL_BASE_URL", "http://127.0.0.1:8000").rstrip("/")
COMMONWEAL_WORKER = env.flag("COMMONWEAL_WORKER", default=True)
COMMONWEAL_BEHIND_PROXY = env.flag("COMMONWEAL_BEHIND_PROXY")
COMMONWEAL_LAN_CHANNELS = env.flag("COMMONWEAL_LAN_CHANNELS")
COMMONWEAL_HTTPS = COMMONWEAL_BASE_URL.startswith("https://")

DEBUG = env.flag("COMMONWEAL_DEBUG")
# Django's own key signs sessions and CSRF tokens: derived, so that it is never the key that encrypts people's data.
SECRET_KEY = hashlib.sha256(b"django:" + COMMONWEAL_KEYS[0].encode()).hexdigest()
SECRET_KEY_FALLBACKS = [hashlib.sha256(b"django:" + key.encode()).hexdigest() for key in COMMONWEAL_KEYS[1:]]
ALLOWED_HOSTS = env.names("COMMONWEAL_HOSTS", "127.0.0.1,localhost,[::1]")
# Where what strangers sent is shown from, if it has a host name of its own: nothing else is answered there.
COMMONWEAL_MEDIA_URL = media_origin(env.text("COMMONWEAL_MEDIA_URL"), COMMONWEAL_BASE_URL, ALLOWED_HOSTS)
ALLOWED_HOSTS += [urlsplit(COMMONWEAL_MEDIA_URL).hostname or ""] if COMMONWEAL_MEDIA_URL else []
CSRF_TRUSTED_ORIGINS = [COMMONWEAL_BASE_URL]

ROOMS = [
    "commonweal.web",
    "commonweal.channels",
    "commonweal.intake",
    "commonweal.matching",
    "commonweal.exchange",
    "commonweal.gatherings",
    "commonweal.assembly",
    "commonweal.messaging",
    "commonweal.members",
    "commonweal.networks",
    "commonweal.base",
]
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    *ROOMS,
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "commonweal.web.media.MediaHost",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "commonweal.web.middleware.PlainHeaders",
    "commonweal.members.middleware.Sessions",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "commonweal.networks.middleware.CurrentNetwork",
    "commonweal.members.middleware.CurrentMember",
    "commonweal.web.middleware.Refusals",
    "commonweal.web.pace.Pace",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "commonweal.web.context.frame",
            ],
            "builtins": ["django.templatetags.i18n", "commonweal.web.templatetags.commonweal"],
        },
    }
]
# What was just done is said once on the next page; in a signed cookie, since most readers have no session.
MESSAGE_STORAGE = "commonweal.web.notes.Notes"
FORM_RENDERER = "commonweal.web.renderer.Renderer"
LOGIN_REDIRECT_URL = "/me/"
CSRF_FAILURE_VIEW = "commonweal.web.views.csrf_failure"

DATABASES = {"default": database(env.text("COMMONWEAL_DATABASE_URL"), COMMONWEAL_DATA)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# The model that every row of a network points at; base must not name a room above it.
TENANT_MODEL = "networks.Network"

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

# How long a sign-in lasts unused, and how long at most until a new code or passkey; sooner for who holds a mandate.
COMMONWEAL_IDLE_DAYS = env.number("COMMONWEAL_IDLE_DAYS", 14, least=1, most=365)
COMMONWEAL_SIGN_IN_DAYS = env.number("COMMONWEAL_SIGN_IN_DAYS", 90, least=1, most=365)
COMMONWEAL_MANDATE_IDLE_HOURS = env.number("COMMONWEAL_MANDATE_IDLE_HOURS", 12, least=2, most=720)
COMMONWEAL_MANDATE_SIGN_IN_DAYS = env.number("COMMONWEAL_MANDATE_SIGN_IN_DAYS", 7, least=1, most=90)
SESSION_COOKIE_AGE = 60 * 60 * 24 * COMMONWEAL_SIGN_IN_DAYS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if COMMONWEAL_BEHIND_PROXY else None
# A private link is a key: no page it leads to may learn where the reader came from.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
COMMONWEAL_ISOLATION = ISOLATION
COMMONWEAL_COOKIE_PREFIX = "__Host-" if COMMONWEAL_HTTPS else ""
globals().update(guards(https=COMMONWEAL_HTTPS, media=COMMONWEAL_MEDIA_URL))

# Forms are small: 10 kB of body and 200 fields are more than any page of ours sends.
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
DATA_UPLOAD_MAX_NUMBER_FILES = 0

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("es", _("Spanish")), ("ar", _("Arabic"))]
LOCALE_PATHS = [ROOT / "commonweal" / "web" / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = COMMONWEAL_DATA / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "commonweal.web.storage.HashedStatic"},
}
WHITENOISE_ADD_HEADERS_FUNCTION = of_a_file
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["woff2", "png", "jpg", "gz", "br", "zip", "pmtiles", "sqlite"]

EMAIL_HOST = env.text("COMMONWEAL_SMTP_HOST")
EMAIL_PORT = env.number("COMMONWEAL_SMTP_PORT", 587, least=1, most=65535)
EMAIL_HOST_USER = env.text("COMMONWEAL_SMTP_USER")
EMAIL_HOST_PASSWORD = env.text("COMMONWEAL_SMTP_PASSWORD")
EMAIL_USE_TLS = env.flag("COMMONWEAL_SMTP_STARTTLS", default=True)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("COMMONWEAL_MAIL_FROM", "commonweal@localhost")
# What carries which kind of address. Without a mail server, e-mail is printed where the program was
# started; texts go to made-up phones (/phones/), and are printed too.
COMMONWEAL_CHANNELS = {
    "email": f"commonweal.channels.{'email' if EMAIL_HOST else 'console'}.channel.Channel",
    "phone": "commonweal.channels.simulator.channel.Channel",
    "push": "commonweal.channels.push.channel.Channel",
}
# Whom the push services of browsers write to when something is wrong with what we send.
COMMONWEAL_PUSH_CONTACT = env.address("COMMONWEAL_PUSH_CONTACT")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    # Private links and people's words don't get into it, whatever fails.
    "formatters": {
        "plain": {
            "()": "commonweal.base.logs.Formatter",
            "fmt": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": env.text("COMMONWEAL_LOG_LEVEL", "WARNING")},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "fido2": {"level": "WARNING"},  # below that it names people's passkeys
    },
}
