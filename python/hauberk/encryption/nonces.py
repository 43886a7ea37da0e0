"""Where nonces come from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hauberk import _rust

if TYPE_CHECKING:
    from typing import Literal

__all__ = ["set_nonce_source"]


def set_nonce_source(source: Literal["os", "generator"], /) -> None:
    """Choose where nonces come from, for the whole process.

    Args:
        source: `"generator"`, which is the default, survives `fork()` and takes about
            20 ns. `"os"` asks the operating system for each nonce, and is required
            where snapshots of a running machine are restored (Lambda SnapStart,
            Firecracker, CRIU), because these repeat the generator's state. The
            environment variable `HAUBERK_RNG` chooses at start-up.

    Raises:
        ConfigurationError: `source` is neither of the two.

    >>> set_nonce_source("os")
    >>> set_nonce_source("generator")
    """
    _rust.set_nonce_source(source)
