"""Choosing parameters by what a hash may take on this machine."""

from __future__ import annotations

import dataclasses
import time
from typing import TYPE_CHECKING

from hauberk.exceptions import InvalidInputError
from hauberk.passwords.hasher import PasswordHasher
from hauberk.passwords.parameters import (
    OWASP_19_MIB,
    RFC_9106_LOW_MEMORY,
    Parameters,
)

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["calibrate"]

_MAX_TIME_COST = 64
_ROUNDS = 3


def calibrate(
    target_ms: float,
    *,
    memory_limit: int = RFC_9106_LOW_MEMORY.memory_cost,
    parallelism: int = RFC_9106_LOW_MEMORY.parallelism,
    progress: Callable[[float], None] | None = None,
) -> Parameters:
    """Return the strongest parameters with which a hash takes at most so long here.

    As RFC 9106, section 4, advises: as much memory as can be afforded, then as many
    passes as time allows. Measure on the machine that will verify, with nothing else
    running. A hash that is computed faster is not weaker for it: attackers have fast
    code already, and what is gained buys more passes at the same wait.

    Args:
        target_ms: Milliseconds of one hash, when no other is computed.
        memory_limit: In kibibytes, what one hash may take: what a machine can spare,
            divided by the hashes at once (`limits().max_concurrency`).
        parallelism: Lanes, 1 to 64.
        progress: Called with the share that is done, 0 to 1.

    Returns:
        Parameters at least as strong as `OWASP_19_MIB`.

    Raises:
        InvalidInputError: Not even those fit the time or the memory.
        HashParametersError: A parameter is out of bounds.

    >>> calibrate(1000, memory_limit=19_456, parallelism=1).memory_cost
    19456
    """
    tell = progress or (lambda _: None)
    floor = OWASP_19_MIB
    if memory_limit < max(floor.memory_cost, 8 * parallelism):
        raise InvalidInputError(
            f"A memory_limit is at least {floor.memory_cost} KiB and 8 KiB a lane."
        )
    memory = memory_limit
    while True:
        tell(0.0)
        one_pass = _milliseconds(memory, 1, parallelism)
        tell(0.4)
        passes = min(int(target_ms / one_pass), _MAX_TIME_COST)
        # The first pass reads less than the others, so what several cost together shows
        # only when they are run.
        while passes > 1 and _milliseconds(memory, passes, parallelism) > target_ms:
            passes -= 1
        tell(0.9)
        if passes * memory >= floor.time_cost * floor.memory_cost and passes >= 1:
            break
        if memory == floor.memory_cost:
            raise InvalidInputError(
                f"No parameters as strong as OWASP's minimum take {target_ms:g} ms or "
                f"less here; those take about {one_pass * floor.time_cost:.0f} ms."
            )
        memory = max(memory // 2, floor.memory_cost, 8 * parallelism)
    tell(1.0)
    return dataclasses.replace(
        RFC_9106_LOW_MEMORY,
        time_cost=passes,
        memory_cost=memory,
        parallelism=parallelism,
    )


def _milliseconds(memory_cost: int, time_cost: int, parallelism: int) -> float:
    hasher = PasswordHasher(
        time_cost=time_cost, memory_cost=memory_cost, parallelism=parallelism
    )
    hasher.hash("the first one takes the memory from the system")
    fastest = float("inf")
    for _ in range(_ROUNDS):
        start = time.perf_counter()
        hasher.hash("correct horse battery staple")
        fastest = min(fastest, time.perf_counter() - start)
    return fastest * 1000
