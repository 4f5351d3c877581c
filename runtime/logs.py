"""Log lines of every process but workflow code, which uses `workflow.logger`.

One line per event on stderr: a static name `noun.verb_past`, then identifiers. Never objects,
never a person's name, never a token.
"""

import logging
import os
import sys
from collections.abc import Mapping
from typing import Final, TextIO

import structlog
from structlog.typing import Processor

from runtime.settings import Settings, unknown_variables

# Their info lines say what ours say already, or say it at every request.
QUIET: Final = ("alembic", "httpcore2", "httpx2", "uvicorn.access")


def configure_logs(
    settings: Settings,
    *,
    stream: TextIO = sys.stderr,
    environment: Mapping[str, str] = os.environ,
) -> None:
    """Sends structlog and the standard library's logging to one stream in one form, and warns
    about variables that nobody reads. To be called once, at the start of a process.
    """
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *_rendering(settings, stream),
            ],
            foreign_pre_chain=shared,
        )
    )
    logging.basicConfig(handlers=[handler], level=settings.log_level.upper(), force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    _warn_about_unknown(environment)


def _rendering(settings: Settings, stream: TextIO) -> tuple[Processor, ...]:
    on_console = settings.log_format == "console" or (
        settings.log_format == "auto" and stream.isatty()
    )
    if on_console:
        return (structlog.dev.ConsoleRenderer(colors=stream.isatty()),)
    return (
        structlog.processors.format_exc_info,
        structlog.processors.JSONRenderer(ensure_ascii=False),
    )


def _warn_about_unknown(environment: Mapping[str, str]) -> None:
    log = structlog.get_logger(__name__)
    for name, meant in unknown_variables(environment).items():
        log.warning("variable.ignored", variable=name, did_you_mean=meant)
