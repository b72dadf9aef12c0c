"""Structured logs without personal data: JSON lines in production, readable ones on a desk."""

import re
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

# A mainland mobile number and a citizen ID number (GB 11643), also inside other text.
_PERSONAL_NUMBER = re.compile(r"(?<![0-9A-Za-z])(?:(?:\+?86)?1[3-9]\d{9}|\d{17}[\dXx])(?![0-9A-Za-z])")
# PostgreSQL quotes the offending row in the DETAIL line of an error.
_ROW_CONTENT = re.compile(r"^DETAIL:.*$", re.MULTILINE)


def without_personal_data(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Replace phone numbers, ID numbers and quoted rows in every text of `event`.

    The last line of defence: nothing should log them in the first place.
    """
    return {key: _clean(value) for key, value in event.items()}


def _clean(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return _ROW_CONTENT.sub("DETAIL: (left out)", _PERSONAL_NUMBER.sub("(number left out)", value))


_SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso"),
]


def configure_structlog() -> None:
    """Send what structlog logs through the standard library, where Django's and Celery's lines go too."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_SHARED,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def logging_settings(*, as_json: bool, level: str = "INFO") -> dict[str, Any]:
    """Return Django's LOGGING: one handler to standard error for everything."""
    renderer: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.dev.ConsoleRenderer(
            colors=False, exception_formatter=structlog.dev.plain_traceback, pad_event_to=0
        )
    )
    final = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.format_exc_info,
        without_personal_data,
        renderer,
    ]
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "lines": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": final,
                "foreign_pre_chain": _SHARED,
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["stderr"], "level": level},
        # Django's own handlers would print the same lines again, with query strings.
        "loggers": {
            "django": {"handlers": [], "level": level, "propagate": True},
            # One line a request comes from our middleware.
            "django.request": {"level": "CRITICAL"},
            "django.server": {"handlers": [], "level": "CRITICAL"},
            # Chatty about every kind of metadata it cannot find.
            "celery.utils.functional": {"level": "WARNING"},
            # Our own lines say when a task starts and how it ended.
            "celery.app.trace": {"level": "WARNING"},
            "celery.worker.strategy": {"level": "WARNING"},
        },
    }
