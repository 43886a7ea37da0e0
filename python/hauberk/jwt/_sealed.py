"""What holds a key does not leave the process by accident."""

from __future__ import annotations

from typing import NoReturn


class HoldsKeys:
    """Refuses to be pickled or copied."""

    __slots__ = ()

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            f"A {type(self).__name__} holds a key: it cannot be pickled or copied."
        )
