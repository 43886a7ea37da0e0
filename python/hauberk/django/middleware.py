"""Middleware."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.utils.deprecation import MiddlewareMixin

from hauberk.exceptions import HashingBusyError

if TYPE_CHECKING:
    from django.http import HttpRequest

__all__ = ["HashingBusyMiddleware"]


class HashingBusyMiddleware(MiddlewareMixin):
    """Answer 503 with `Retry-After` when too many passwords are being hashed.

    It covers what views raise, synchronous and asynchronous ones.
    """

    def process_exception(
        self,
        request: HttpRequest,  # noqa: ARG002 - Django's signature
        exception: Exception,
    ) -> HttpResponse | None:
        """Return the answer to a `HashingBusyError`, and None for other exceptions."""
        if not isinstance(exception, HashingBusyError):
            return None
        return HttpResponse(
            "Too many logins at the moment; please try again.",
            content_type="text/plain; charset=utf-8",
            status=503,
            headers={"Retry-After": str(math.ceil(exception.retry_after))},
        )
