"""Keys leave no material: not in memory after they are dropped, and never in text."""

from __future__ import annotations

import base64
import logging
import os
import subprocess
import sys
import traceback
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from hauberk import jwt
from hauberk.exceptions import InvalidTokenError, JwtError

CHILD = """if True:
    import gc, sys
    from hauberk import jwt
    masked = bytes.fromhex(sys.stdin.readline())
    data = bytearray(len(masked))  # at once: what grows leaves copies of our own behind
    for i, byte in enumerate(masked):
        data[i] = byte ^ 0x5A
    def work():
        if {alg!r}.startswith("HS"):
            key = jwt.HmacKey(data, alg={alg!r})
        else:
            key = jwt.PrivateKey.from_der(data, alg={alg!r})
        token = jwt.Signer(key, lifetime=60).sign({{"sub": "ada"}})
        jwt.Verifier(key, issuer=None, audience=None).claims(token)
        return key
    kept = work()
    if not {keep}:
        del kept
    if {alg!r}.startswith("HS") and {keep}:
        pass  # a secret is kept as hashes only: the control is the caller's copy
    else:
        for i in range(len(data)):
            data[i] = 0
    gc.collect()
    print("ready", flush=True)
    sys.stdin.readline()
"""


def private_der(alg: str) -> tuple[bytes, bytes]:
    """Make a key outside of this package: its DER, and a part that is secret."""
    key: Any
    match alg:
        case "EdDSA":
            key = ed25519.Ed25519PrivateKey.generate()
            secret = key.private_bytes_raw()
        case "ES256":
            key = ec.generate_private_key(ec.SECP256R1())
            secret = key.private_numbers().private_value.to_bytes(32)
        case _:
            key = rsa.generate_private_key(65_537, 2048)
            secret = key.private_numbers().p.to_bytes(128)
    der = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return der, secret


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("keep", [False, True])
@pytest.mark.parametrize("alg", ["HS256", "EdDSA", "ES256", "RS256"])
def test_no_key_stays_in_memory(alg: str, *, keep: bool) -> None:
    """No 16 bytes of a key are left once it was dropped; of one that is kept, some."""
    secret = os.urandom(64)
    data, secret = (secret, secret) if alg == "HS256" else private_der(alg)
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD.format(alg=alg, keep=keep)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        child.stdin.write(bytes(byte ^ 0x5A for byte in data).hex() + "\n")
        child.stdin.flush()
        assert child.stdout.readline() == "ready\n"
        found = scan(child.pid, secret)
    finally:
        child.stdin.close()
        child.stdout.close()
        child.wait(30)
    if keep:
        assert found
    else:
        assert found == []


def scan(pid: int, secret: bytes) -> list[str]:
    """Find 16 bytes of a secret in another process, in either order of the bytes.

    A secret of HMAC is looked for as it enters the hash too (RFC 2104).
    """
    forms = [secret, secret[::-1]]
    forms += [bytes(byte ^ pad for byte in secret) for pad in (0x36, 0x5C)]
    pieces = [
        form[at : at + 16] for form in forms for at in range(0, len(form) - 15, 8)
    ]
    found = []
    proc = Path("/proc") / str(pid)
    with (proc / "maps").open() as maps, (proc / "mem").open("rb") as memory:
        for line in maps:
            span, access, *_ = line.split()
            start, end = (int(number, 16) for number in span.split("-"))
            if "r" not in access or line.rstrip().endswith(("[vvar]", "[vsyscall]")):
                continue
            try:
                memory.seek(start)
                content = memory.read(end - start)
            except (OSError, ValueError, OverflowError):
                continue
            for piece in pieces:
                offset = content.find(piece)
                if offset >= 0:
                    found.append(f"{offset:#x} in {line.rstrip()}")
    return found


SECRET = b"material-that-must-not-be-shown!"
WORDS = (
    "material-that",
    base64.urlsafe_b64encode(SECRET).decode()[:24],
    "ada-lovelace",
)


def assert_silent(text: str) -> None:
    """Fail if a text shows the secret or the token's contents."""
    for word in WORDS:
        assert word not in text


def test_no_key_and_no_claim_is_in_a_repr() -> None:
    """Whatever has a key, and each exception and its arguments, prints none of it."""
    key = jwt.HmacKey(SECRET, kid="k")
    private = jwt.PrivateKey.generate("ES256")
    signer = jwt.Signer(key, lifetime=60)
    verifier = jwt.Verifier(key, issuer=None, audience=None)
    token = signer.sign({"sub": "ada-lovelace"})
    things: list[Any] = [
        key,
        private,
        private.public(),
        jwt.KeySet([key]),
        signer,
        verifier,
        verifier.verify(token),
        jwt.unverified(token),
        jwt.verify_signature(token, key),
    ]
    for thing in things:
        for text in (repr(thing), str(thing), f"{thing}", f"{[thing]!r}"):
            assert_silent(text)
            assert private.to_jwk(private=True)["d"] not in text
            assert token.split(".")[1] not in text


def test_no_traceback_or_log_shows_a_token(caplog: pytest.LogCaptureFixture) -> None:
    """Refusals are raised, logged and printed without what was refused."""
    key = jwt.HmacKey(SECRET)
    token = jwt.Signer(key, lifetime=60).sign({"sub": "ada-lovelace", "aud": "x"})
    header, payload, signature = token.split(".")
    verifier = jwt.Verifier(key, issuer=None, audience=None)
    for bad in (
        token,
        token + "x",
        f"{header}.{payload}.",
        f"{header}.{payload[:-1]}*.{signature}",
        f"{payload}.{payload}.{signature}",
        token + "\ud800",
    ):
        with pytest.raises(InvalidTokenError) as caught:
            verifier.claims(bad)
        error = caught.value
        logging.getLogger("app").error("refused", exc_info=error)
        text = "".join(traceback.format_exception(error))
        assert error.__context__ is None
        for shown in (text, repr(error), repr(error.args), caplog.text):
            assert_silent(shown)
            assert payload not in shown


@pytest.mark.parametrize(
    "data", [SECRET, b"-----BEGIN PRIVATE KEY-----\n" + SECRET, b'{"k":"' + SECRET]
)
def test_no_error_about_a_key_shows_it(data: bytes) -> None:
    """What is refused as a key is not quoted."""
    reads: list[Any] = [
        lambda: jwt.PrivateKey.from_pem(data, alg="ES256"),
        lambda: jwt.PrivateKey.from_der(data, alg="ES256"),
        lambda: jwt.PrivateKey.from_jwk(data, alg="ES256"),
        lambda: jwt.PublicKey.from_pem(data, alg="ES256"),
        lambda: jwt.HmacKey(data, alg="HS512"),
        lambda: jwt.HmacKey.from_jwk({"kty": "oct", "k": data.decode()}, alg="HS256"),
        lambda: jwt.KeySet.from_jwks(data, algs=["HS256"]),
    ]
    for read in reads:
        with pytest.raises(JwtError) as caught:
            read()
        assert_silent("".join(traceback.format_exception(caught.value, chain=True)))
