"""Settings shared by every environment; anything secret or local comes from the environment."""

import logging
import os
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
OUR_APPS = ["config", "county", "cms", "certificates", "livestream", "courses", "registry"]
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
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.weixin",
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
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "registry.middleware.StationMiddleware",
    "registry.middleware.SecondFactorMiddleware",
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
# Written to the database and read from the cache, which may be lost at any time.
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
AUTHENTICATION_BACKENDS = [
    "registry.backends.AdminGate",  # refuses, so it stands first
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "registry.passwords.LengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "courses:my_learning"
ACCOUNT_ADAPTER = "registry.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"phone", "username"}
ACCOUNT_SIGNUP_FIELDS = ["phone*", "password1"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 10 * 60
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = 4
ACCOUNT_LOGIN_TIMEOUT = 60 * 60  # all codes of one sign-in together
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "dashed": False, "length": 6}
# How many proxies in front of the site write X-Forwarded-For: the limits below go by address.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
# A number gets what the providers let through to one; an address carries a village station or a whole mast.
ACCOUNT_RATE_LIMITS = {
    "request_login_code": "1/m/key,5/h/key,10/d/key",
    "confirm_login_code": "15/10m/key",
    "sign_in": "200/10m/ip,3000/d/ip",
    "login": "200/10m/ip",
    "login_failed": "100/10m/ip,5/5m/key",
    "signup": "200/10m/ip",
    "card": "200/10m/ip,3000/d/ip",
    # A registered device stands for a whole village, whatever else happens behind its address.
    "sign_in_at_station": "1000/10m/key",
    "card_at_station": "1000/10m/key",
}
STATION_IDLE_SECONDS = 10 * 60
# Whoever holds a role proves two things: a password, and an app or key (registry/middleware.py).
MFA_ADAPTER = "registry.second_factor.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "registry.forms.second_factor.CodeOfAppForm",
    "reauthenticate": "registry.forms.second_factor.CodeOfAppAgainForm",
    "activate_totp": "registry.forms.second_factor.ActivateAppForm",
}
MFA_TOTP_ISSUER = "Cunbo"
MFA_TOTP_TOLERANCE = 1  # phones' clocks go wrong by half a minute
MFA_RECOVERY_CODES_SHOW_ONCE = True
WAGTAIL_PASSWORD_RESET_ENABLED = False  # it would send e-mail, and nobody here needs an address

# WeChat: offered as soon as an app is registered with it. It opens logins that are linked, and makes none.
WEIXIN_APP_ID = env("WEIXIN_APP_ID", default="")
WEIXIN_APP_SECRET = env("WEIXIN_APP_SECRET", default="")
WEIXIN_TIMEOUT = env.int("WEIXIN_TIMEOUT", default=5)
SOCIALACCOUNT_ADAPTER = "registry.wechat.WechatAdapter"
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_PROVIDERS = {
    "weixin": {
        # Inside WeChat: https://open.weixin.qq.com/connect/oauth2/authorize and snsapi_userinfo
        "AUTHORIZE_URL": env("WEIXIN_AUTHORIZE_URL", default="https://open.weixin.qq.com/connect/qrconnect"),
        "SCOPE": [env("WEIXIN_SCOPE", default="snsapi_login")],
    }
}

# Text messages
SMS_PROVIDER = env("SMS_PROVIDER", default="")
SMS_TIMEOUT = env.int("SMS_TIMEOUT", default=5)
# The provider's template for reminders of live classes, with title and time; without one nobody is reminded.
SMS_REMINDER_TEMPLATE = env("SMS_REMINDER_TEMPLATE", default="")
# Those that tell a holder what became of her certificate, by occasion: issued, reissued, revoked (with the
# day until which she may object) and answered. Without one, her page alone tells her.
SMS_CERTIFICATE_TEMPLATES = env.dict("SMS_CERTIFICATE_TEMPLATES", default={})
ALIYUN_SMS = {
    "access_key_id": env("ALIYUN_ACCESS_KEY_ID", default=""),
    "access_key_secret": env("ALIYUN_ACCESS_KEY_SECRET", default=""),
    "sign_name": env("ALIYUN_SMS_SIGN_NAME", default=""),
    "template_code": env("ALIYUN_SMS_TEMPLATE_CODE", default=""),
    "endpoint": env("ALIYUN_SMS_ENDPOINT", default="dysmsapi.aliyuncs.com"),
}
TENCENT_SMS = {
    "secret_id": env("TENCENT_SECRET_ID", default=""),
    "secret_key": env("TENCENT_SECRET_KEY", default=""),
    "app_id": env("TENCENT_SMS_APP_ID", default=""),
    "sign_name": env("TENCENT_SMS_SIGN_NAME", default=""),
    "template_id": env("TENCENT_SMS_TEMPLATE_ID", default=""),
    "region": env("TENCENT_SMS_REGION", default="ap-guangzhou"),
}

# Mail: what the office signed goes to its own accounts. Without a server they find it on their desk.
vars().update(env.email_url("EMAIL_URL", default="dummymail://"))
SENDS_MAIL = bool(env("EMAIL_URL", default=""))
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env("MAIL_FROM", default="cunbo@localhost")
RETURN_MAIL_DAY = env.int(
    "RETURN_MAIL_DAY", default=5
)  # of the month; what is signed later goes out next day

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
# A real site lets its web server or an object store hand out MEDIA_ROOT.
SERVE_MEDIA = env.bool("SERVE_MEDIA", default=False)
PRIVATE_STORAGE = {
    "BACKEND": "django.core.files.storage.FileSystemStorage",
    "OPTIONS": {"location": Path(env("PRIVATE_ROOT", default=str(LOCAL / "private"))), "base_url": None},
}
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

# Wagtail
WAGTAIL_USER_TIME_ZONES = ["Asia/Shanghai", "Asia/Urumqi"]
WAGTAIL_SITE_NAME = "村播学堂"
WAGTAIL_I18N_ENABLED = True
WAGTAILADMIN_BASE_URL = env("SITE_URL", default="http://localhost:8000")
# No SVG from outside: opened by itself it may run scripts. Our own drawings come with the courses.
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 50_000_000
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "pdf", "pptx", "txt", "vtt", "xlsx"]
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
        "form-action": [SELF, "https://open.weixin.qq.com"] if WEIXIN_APP_ID else [SELF],
        "frame-ancestors": [SELF],
    }
}
# A page that needs the camera says so with `permissions_policy_override`; a file field needs no permission.
PERMISSIONS_POLICY: dict[str, list[str]] = {
    feature: []
    for feature in (
        *("accelerometer", "ambient-light-sensor", "camera", "display-capture", "encrypted-media"),
        *("geolocation", "gyroscope", "magnetometer", "microphone", "midi", "payment", "usb"),
    )
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SESSION_COOKIE_HTTPONLY = True
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
    "forget-ledger-uploads": {"task": "courses.forget_ledger_uploads", "schedule": 3600.0},
    "refresh-counts": {"task": "county.refresh_facts", "schedule": 60.0},
    "send-returns": {"task": "county.send_returns", "schedule": crontab(hour=8, minute=0)},
    "sweep-return-mail": {"task": "county.sweep_return_mail", "schedule": 300.0},
    "sweep-ledgers": {"task": "county.sweep_ledgers", "schedule": 60.0},
    "sweep-livestream": {"task": "livestream.sweep", "schedule": 60.0},
    "sweep-certificates": {"task": "certificates.sweep", "schedule": 60.0},
    "sweep-analyses": {"task": "livestream.sweep_analyses", "schedule": 300.0},
    "sweep-classes": {"task": "livestream.sweep_classes", "schedule": 60.0},
    "sync-admin-groups": {"task": "registry.sync_admin_groups", "schedule": crontab(hour=0, minute=2)},
    "verify-audit": {"task": "registry.verify_audit", "schedule": crontab(hour=3, minute=30)},
    "apply-retention": {"task": "registry.apply_retention", "schedule": crontab(hour=3, minute=50)},
    "sweep-privacy-desk": {"task": "registry.sweep_privacy_desk", "schedule": 60.0},
    "sweep-roster-imports": {"task": "registry.sweep_roster_imports", "schedule": 60.0},
}

# Live classes: where browsers hear what happens. 0: below the site's own address, at /events/, where nginx
# joins the two servers. A port: the same host there (`make run`, where nothing stands in front of them).
EVENTS_PORT = env.int("EVENTS_PORT", default=0)

# Cunbo
SITE_URL = WAGTAILADMIN_BASE_URL
HOME_COUNTY = env("HOME_COUNTY", default="431125")
DEMO = False
# Who issues certificates, by county code: in Chinese and in English.
ISSUING_BODIES: dict[str, tuple[str, str]] = {
    "431125": ("江永县电子商务公共服务中心", "Jiangyong County E-commerce Public Service Centre"),
}

# What signs certificates (certificates/keystore.py): files, or a PKCS#12 file, or a PKCS#11 token
SIGNING_DIR = Path(env("SIGNING_DIR", default=str(LOCAL / "signing")))
SIGNING_PKCS12 = env("SIGNING_PKCS12", default="")
SIGNING_PKCS11_MODULE = env("SIGNING_PKCS11_MODULE", default="")
SIGNING_PKCS11_TOKEN = env("SIGNING_PKCS11_TOKEN", default="")
SIGNING_PKCS11_LABEL = env("SIGNING_PKCS11_LABEL", default="")
SIGNING_PASSWORD = env("SIGNING_PASSWORD", default="")
TIMESTAMP_URL = env("TIMESTAMP_URL", default="")  # RFC 3161; with one, signatures prove their time (B-T)
# Livestream: what carries the media (livestream/engines), and the limits of one recording
ENGINES_AT_HAND: dict[str, dict[str, object]] = {
    "chunks": {"class": "livestream.engines.chunks.ChunksEngine"},
    "nginx-rtmp": {
        "class": "livestream.engines.nginx_rtmp.NginxRtmpEngine",
        "rtmp_url": env("RTMP_URL", default="rtmp://127.0.0.1:1935/live"),
        "public_url": env("RTMP_PUBLIC_URL", default=""),
        "rtmp_listen": env("RTMP_LISTEN", default=""),
        "control_url": env("RTMP_CONTROL_URL", default="http://127.0.0.1:8935"),
        "hls_url": env("RTMP_HLS_URL", default="http://127.0.0.1:8936"),
        "hls_listen": env("RTMP_HLS_LISTEN", default=""),
        "certificate": env("RTMP_HLS_CERTIFICATE", default=""),
        "certificate_key": env("RTMP_HLS_CERTIFICATE_KEY", default=""),
    },
    "janus": {
        "class": "livestream.engines.janus.JanusEngine",
        "api_url": env("JANUS_URL", default="http://127.0.0.1:8088/janus"),
        "admin_url": env("JANUS_ADMIN_URL", default="http://127.0.0.1:7088/admin"),
        "rtp_ports": env("JANUS_RTP_PORTS", default="20000-20400"),
        "public_address": env("JANUS_PUBLIC_ADDRESS", default=""),
        "ice_servers": env.json("JANUS_ICE_SERVERS", default=[]),
        "site_url": env("SITE_URL", default="http://localhost:8000"),
    },
}
# Only `chunks` needs no server of its own; `make live` names all that are installed.
LIVE_ENGINES = {name: ENGINES_AT_HAND[name] for name in env.list("LIVE_ENGINES", default=["chunks"])}
LIVE_ENGINE_FOLDER = LOCAL / "engines"  # where `render_media_config` writes what they read
# Engines tell us things from these networks alone, at this address of ours, which need not be public.
LIVE_ENGINE_ADDRESSES = env.list("LIVE_ENGINE_ADDRESSES", default=["127.0.0.0/8", "::1/128"])
LIVE_HOOK_URL = env("LIVE_HOOK_URL", default="http://127.0.0.1:8000")
LIVE_ENGINE_KEY = env("LIVE_ENGINE_KEY", default="")  # theirs are made from it; no server runs without one
LIVE_MOST_BYTES = env.int("LIVE_MOST_BYTES", default=2_000_000_000)  # of one session: two hours and a half
# Live pictures at once: an ffmpeg takes a third of a core. Beyond it is recorded, and not shown live.
LIVE_MOST_LADDERS = env.int("LIVE_MOST_LADDERS", default=3 * max(1, os.cpu_count() or 1))
LIVE_LEAST_FREE_SHARE = env.float("LIVE_LEAST_FREE_SHARE", default=0.10)  # of the disk, else nothing new

# Sealed columns: which key seals (0: the newest) and which further index keys are tried when looking up
SEAL_KEY_ID = env.int("SEAL_KEY_ID", default=0)
SEAL_INDEX_KEYS_ALSO = env.list("SEAL_INDEX_KEYS_ALSO", default=[])
