"""Middleware."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.utils.deprecation import MiddlewareMixin

from hauberk.exceptions import HashingBusyError, HashMemoryError

if TYPE_CHECKING:
    from django.http import HttpRequest

__all__ = ["HashingBusyMiddleware"]


class HashingBusyMiddleware(MiddlewareMixin):
    """Answer 503 with `Retry-After` when too many passwords are being hashed.

    So too when there is no memory for one more. It covers what views raise, synchronous
    and asynchronous ones.
    """

    def process_exception(
        self,
        request: HttpRequest,  # noqa: ARG002 - Django's signature
        exception: Exception,
    ) -> HttpResponse | None:
        """Return the answer to these two exceptions, and None for others."""
        if not isinstance(exception, (HashingBusyError, HashMemoryError)):
            return None
        # Who else computes a hash at the moment will soon have given its memory back.
        seconds = getattr(exception, "retry_after", 1)
        return HttpResponse(
            "Too many logins at the moment; please try again.",
            content_type="text/plain; charset=utf-8",
            status=503,
            headers={"Retry-After": str(math.ceil(seconds))},
        )
