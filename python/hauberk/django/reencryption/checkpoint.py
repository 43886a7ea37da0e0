"""How far a run is, in a file that survives the process."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any, Final

from hauberk.encryption import KeyState
from hauberk.exceptions import InvalidInputError

if TYPE_CHECKING:
    from pathlib import Path

    from hauberk.django.reencryption.columns import Column

__all__ = ["Checkpoint"]


class Checkpoint:
    """The position in one column of one database, under the keys of the run.

    Args:
        path: The file; it may hold the positions of other columns too.
        column: The column.
        everything: Whether the walk is one along every row.

    Raises:
        InvalidInputError: The file is something else.
    """

    def __init__(self, path: Path, column: Column, *, everything: bool) -> None:
        self._path, self._column = path, column
        self._label = f"{column} in {column.connection.alias}"
        self._under = [*_keys(column), everything]
        self._saved = 0.0
        self._read()

    def load(self) -> Any:
        """Return the primary key up to which rows are done, None if there is none.

        A position of a run under other keys is none.
        """
        noted = self._read().get(self._label)
        if not isinstance(noted, dict) or noted.get("under") != self._under:
            return None
        return self._column.key.of_noted(noted["position"])

    def save(self, position: Any) -> None:
        """Remember a position, at most every second."""
        plain = self._column.key.noted(position)
        if plain is None:
            return  # It has no text; a run that was stopped begins anew.
        if time.monotonic() - self._saved < _SECOND and self._saved:
            return
        self._saved = time.monotonic()
        noted = {"under": self._under, "position": plain}
        self._write({**self._read(), self._label: noted})

    def forget(self) -> None:
        """Remember nothing of the column; remove the file if it was the last."""
        positions = self._read()
        positions.pop(self._label, None)
        if positions:
            self._write(positions)
        else:
            self._path.unlink(missing_ok=True)

    def _read(self) -> dict[str, Any]:
        try:
            read = json.loads(self._path.read_text())
        except FileNotFoundError:
            return {}
        except ValueError:
            read = None
        if not isinstance(read, dict):
            message = f"{self._path} is no file that remembers positions."
            raise InvalidInputError(message)
        return read

    def _write(self, positions: dict[str, Any]) -> None:
        temporary = self._path.with_name(f"{self._path.name}.new")
        temporary.write_text(json.dumps(positions))
        temporary.replace(self._path)


def _keys(column: Column) -> list[Any]:
    """Return what rows that are done are under: keys and options, as JSON has them."""
    keys = column.keyring.keys
    index = [one.id for one in keys if one.index_state is KeyState.PRIMARY]
    spec = column.field.index
    chosen = [spec.bits, repr(spec.normalize), spec.next_key] if spec else []
    return [column.keyring.primary_id, *index, *chosen]


_SECOND: Final = 1.0
