"""Settings shared by every environment; anything secret or local comes from the environment."""

import logging
from pathlib import Path

import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from config.embedded.places import local
from config.logs import configure_structlog, logging_settings

BASE_DIR = Path(__file__).resolve().parent.parent.parent
env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")
LOCAL = local()

# Applications
OUR_APPS = ["county", "cms", "certificates", "livestream", "courses", "registry"]
WAGTAIL_APPS = [
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.contrib.simple_translation",
    "wagtail.locales",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
]
OTHER_APPS = [
    "allauth",
    "allauth.account",
    "csp",
    "django_htmx",
    "django_structlog",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
]
INSTALLED_APPS = OUR_APPS + WAGTAIL_APPS + OTHER_APPS

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.QuietRequestMiddleware",
    "config.middleware.ContentSecurityPolicyMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

ROOT_URLCONF = "config.urls"
CSRF_FAILURE_VIEW = "cms.views.csrf_failure"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "cms.context_processors.display",
            ]
        },
    }
]

# Data
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "registry.User"

# Signing in
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
LOGIN_URL = WAGTAILADMIN_LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "registry.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"phone", "username"}
ACCOUNT_SIGNUP_FIELDS = ["phone", "username*", "password1"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 300
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_PHONE_VERIFICATION_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
ACCOUNT_FORMS = {
    "login": "registry.forms.sign_in.StaffSignInForm",
    "request_login_code": "registry.forms.sign_in.PhoneForm",
    "confirm_login_code": "registry.forms.sign_in.CodeForm",
}
# By number against floods of messages; by address wide enough for a class of 50 behind one village station.
ACCOUNT_RATE_LIMITS = {
    "request_login_code": "300/h/ip,1/50s/key,5/h/key",
    "send_code": "12/d/key",
    "login": "120/m/ip",
    "login_failed": "60/m/ip,5/5m/key",
}
SMS_TIMEOUT = 8  # seconds
SMS = {
    "access_key_id": env("SMS_ACCESS_KEY_ID", default=""),
    "access_key_secret": env("SMS_ACCESS_KEY_SECRET", default=""),
    "app_id": env("SMS_APP_ID", default=""),  # Tencent only
    "sign_name": env("SMS_SIGN_NAME", default=""),
    "template": env("SMS_TEMPLATE", default=""),
    "region": env("SMS_REGION", default=""),
    "endpoint": env("SMS_ENDPOINT", default=""),
}

# Languages and time
LANGUAGE_CODE = "zh-hans"
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

# Files
STATIC_URL = "/static/"
STATIC_ROOT = Path(env("STATIC_ROOT", default=str(LOCAL / "static")))
# Browser code of others, installed by `make setup` and never copied into the tree.
BROWSER_CODE = BASE_DIR / "node_modules" / ".served"
STATICFILES_DIRS = [BROWSER_CODE] if BROWSER_CODE.exists() else []
MEDIA_URL = "/media/"
MEDIA_ROOT = Path(env("MEDIA_ROOT", default=str(LOCAL / "media")))
PRIVATE_STORAGE = {
    "BACKEND": "django.core.files.storage.FileSystemStorage",
    "OPTIONS": {"location": Path(env("PRIVATE_ROOT", default=str(LOCAL / "private"))), "base_url": None},
}
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

# Wagtail
WAGTAIL_SITE_NAME = "村播学堂"
WAGTAIL_I18N_ENABLED = True
WAGTAILADMIN_BASE_URL = env("SITE_URL", default="http://localhost:8000")
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "jpg", "jpeg", "png", "svg", "webp"]
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES

# No request leaves for a third party.
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False

# What a browser may do with our pages
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        # A chosen photo is shown before it is sent; small pictures in style sheets are data.
        "img-src": [SELF, "data:", "blob:"],
        "media-src": [SELF, "blob:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
    }
}
X_FRAME_OPTIONS = "SAMEORIGIN"  # Wagtail previews a page in a frame of its own
SILENCED_SYSTEM_CHECKS = ["security.W019"]  # asks for DENY
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"

# Logs
configure_structlog()
LOGGING = logging_settings(as_json=False)
DJANGO_STRUCTLOG_CELERY_ENABLED = True
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
DJANGO_STRUCTLOG_USER_ID_FIELD = ""
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = logging.DEBUG
DJANGO_STRUCTLOG_STATUS_4XX_LOG_LEVEL = logging.INFO

# Background work
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"global_keyprefix": "celery:"}  # may share its Redis
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE: dict[str, dict[str, object]] = {
    "close-online-classes": {"task": "courses.close_online_classes", "schedule": crontab(hour=0, minute=10)},
    "sweep-videos": {"task": "courses.sweep_videos", "schedule": 300.0},
    "sweep-certificates": {"task": "certificates.sweep", "schedule": 60.0},
    "forget-unproven-users": {
        "task": "registry.forget_unproven_users",
        "schedule": crontab(hour=3, minute=20),
    },
    "sweep-roster-imports": {"task": "registry.sweep_roster_imports", "schedule": 60.0},
}

# Cunbo
SITE_URL = WAGTAILADMIN_BASE_URL
HOME_COUNTY = env("HOME_COUNTY", default="431125")
DEMO = False
SMS_PROVIDER = env("SMS_PROVIDER", default="")
