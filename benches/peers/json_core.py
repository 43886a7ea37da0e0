"""The JSON of tokens: strict here, with whatever each peer checks there."""

from __future__ import annotations

import json
from collections.abc import Iterator

from benches.peers.harness import Contest, Domain, Setup, Work, equal_outputs
from benches.peers.harness.material import CLAIMS
from hauberk import _rust

TEXT = json.dumps(CLAIMS, separators=(",", ":")).encode()


def contests() -> Iterator[Contest]:
    yield Contest(
        work="loads 314 bytes of claims",
        contestants={
            "hauberk": lambda: _rust.json_loads(TEXT),
            "json": lambda: json.loads(TEXT),
            "orjson": Setup(_orjson_loads),
            "msgspec": Setup(_msgspec_loads),
        },
        baseline="json",
        goal=3,
        check=equal_outputs,
    )
    yield Contest(
        work="dumps 314 bytes of claims",
        contestants={
            "hauberk": lambda: _rust.json_dumps(CLAIMS),
            "json": lambda: json.dumps(CLAIMS, separators=(",", ":")).encode(),
            "orjson": Setup(_orjson_dumps),
            "msgspec": Setup(_msgspec_dumps),
        },
        baseline="json",
        goal=8,
        check=equal_outputs,
    )


def _orjson_loads() -> Work:
    import orjson

    return lambda: orjson.loads(TEXT)


def _orjson_dumps() -> Work:
    import orjson

    return lambda: orjson.dumps(CLAIMS)


def _msgspec_loads() -> Work:
    import msgspec

    return lambda: msgspec.json.decode(TEXT)


def _msgspec_dumps() -> Work:
    import msgspec

    return lambda: msgspec.json.encode(CLAIMS)


DOMAIN = Domain("JSON of tokens", contests, peers=("orjson", "msgspec"))
