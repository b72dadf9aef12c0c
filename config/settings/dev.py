"""`make run` and every command by hand: embedded services unless URLs are given, and the demo county."""

from config import embedded
from config.settings.base import *

DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("DEMO", default=True)
SERVE_MEDIA = True
# The addresses and accounts that `make run` prints shall stay on the screen.
LOGGING = logging_settings(as_json=False, level=env("LOG_LEVEL", default="WARNING"))
SECRET_KEY = env("SECRET_KEY", default="demo-only-never-used-in-production")
ALLOWED_HOSTS = ["*"]
DATABASES = {
    "default": {
        **environ.Env.db_url_config(embedded.database_url()),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
}
REDIS_URL = embedded.redis_url()
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "cache",
    }
}
CELERY_BROKER_URL = embedded.celery_url(embedded.redis_url(1))  # clearing the cache clears all of 0
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "private": PRIVATE_STORAGE,
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# Keys of the sealed columns: {key id: 32 bytes as hex}; the last one seals, all of them open.
SEAL_KEYS = {1: "00" * 31 + "01"}
SEAL_INDEX_KEY = "00" * 31 + "02"
# Keys of the audit log's chain: {key id: 32 bytes as hex}; the last one signs, all of them verify.
AUDIT_KEYS = {1: "00" * 31 + "03"}
CERTIFICATE_CHECK_KEY = "00" * 31 + "04"
CARD_PEPPER = "00" * 31 + "05"
MEDIA_LINK_KEY = "00" * 31 + "06"
LIVE_ENGINE_KEY = env("LIVE_ENGINE_KEY", default="00" * 31 + "07")
SMS_PROVIDER = env("SMS_PROVIDER", default="outbox")
# Mail goes to the same page as text messages.
EMAIL_BACKEND = "registry.mail_outbox.OutboxBackend"
SENDS_MAIL = True
