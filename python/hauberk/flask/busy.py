"""What a visitor sees while no more passwords can be hashed."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from flask import Response

from hauberk.exceptions import HashingBusyError, HashMemoryError

if TYPE_CHECKING:
    from flask import Flask

__all__ = ["register_busy_handler"]


def register_busy_handler(app: Flask) -> None:
    """Let an application answer 503 with `Retry-After` when hashing cannot go on.

    That is, to a `HashingBusyError`, and to a `HashMemoryError`.

    >>> from flask import Flask
    >>> register_busy_handler(Flask("shop"))
    """
    app.register_error_handler(HashingBusyError, _answer)
    app.register_error_handler(HashMemoryError, _answer)


def _answer(error: HashingBusyError | HashMemoryError) -> Response:
    # Who else computes a hash at the moment will soon have given its memory back.
    seconds = getattr(error, "retry_after", 1)
    return Response(
        "Too many logins at the moment; please try again.",
        status=503,
        headers={"Retry-After": str(math.ceil(seconds))},
        content_type="text/plain; charset=utf-8",
    )
