"""Refusals as Temporal carries them: any other exception out of a handler blocks the launch."""

from temporalio.exceptions import ApplicationError

from domain.canonical import plain
from domain.errors import Forged, Refusal


def as_failure(refusal: Refusal) -> ApplicationError:
    """The refusal's code as `type`; one detail `{code, status, detail, figures}`."""
    detail = {
        "code": refusal.code,
        "status": refusal.status,
        "detail": refusal.detail,
        "figures": plain(refusal.figures),
    }
    return ApplicationError(refusal.detail, detail, type=refusal.code, non_retryable=True)


def as_forgery(forged: Forged) -> ApplicationError:
    """An envelope that proves nothing."""
    return ApplicationError(str(forged), type=forged.code, non_retryable=True)


def as_fault(fault: str) -> ApplicationError:
    """An act the rules stumbled over; nothing of it happened."""
    return ApplicationError(
        f"the act could not be decided: {fault}", type="internal", non_retryable=True
    )
