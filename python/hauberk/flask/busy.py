"""What a visitor sees while too many passwords are being hashed."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from flask import Response

from hauberk.exceptions import HashingBusyError

if TYPE_CHECKING:
    from flask import Flask

__all__ = ["register_busy_handler"]


def register_busy_handler(app: Flask) -> None:
    """Let an application answer 503 with `Retry-After` to a `HashingBusyError`.

    >>> from flask import Flask
    >>> register_busy_handler(Flask("shop"))
    """
    app.register_error_handler(HashingBusyError, _answer)


def _answer(error: HashingBusyError) -> Response:
    return Response(
        "Too many logins at the moment; please try again.",
        status=503,
        headers={"Retry-After": str(math.ceil(error.retry_after))},
        content_type="text/plain; charset=utf-8",
    )
