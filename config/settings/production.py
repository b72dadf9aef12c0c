"""The real site: every secret from the environment, and a refusal to start without one."""

from django.core.exceptions import ImproperlyConfigured

from config.required import required, required_hosts, required_key, required_keys, required_secret
from config.settings.base import *

DEBUG = env.bool("DEBUG", default=False)
if DEBUG:
    raise ImproperlyConfigured("DEBUG must be off in production.")
SECRET_KEY = required_secret("SECRET_KEY")
ALLOWED_HOSTS = required_hosts("ALLOWED_HOSTS")
SITE_URL = WAGTAILADMIN_BASE_URL = required("SITE_URL")
SMS_PROVIDER = required("SMS_PROVIDER")
if SMS_PROVIDER == "outbox":
    raise ImproperlyConfigured("SMS_PROVIDER=outbox shows sign-in codes to everybody: it is for the demo.")
DATABASES = {
    "default": {
        **env.db_url_config(required("DATABASE_URL")),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
}
REDIS_URL = required("REDIS_URL")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "cache",
    }
}
CELERY_BROKER_URL = env("CELERY_BROKER_URL", default=REDIS_URL)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "private": PRIVATE_STORAGE,
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
SEAL_KEYS = required_keys("SEAL_KEYS")
SEAL_INDEX_KEY = required_key("SEAL_INDEX_KEY")
AUDIT_KEYS = required_keys("AUDIT_KEYS")
CERTIFICATE_CHECK_KEY = required_key("CERTIFICATE_CHECK_KEY")
CARD_PEPPER = required_key("CARD_PEPPER")
MEDIA_LINK_KEY = required_key("MEDIA_LINK_KEY")

# Transport
SECURE_SSL_REDIRECT = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
# A browser takes these names over TLS and from this very host only.
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken"
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # asked from inside, without TLS
CSRF_COOKIE_SECURE = True
LANGUAGE_COOKIE_SECURE = True
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS]

# Logs
LOGGING = logging_settings(as_json=True, level=env("LOG_LEVEL", default="INFO"))
