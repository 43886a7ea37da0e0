"""PyJWT's interface on hauberk's engine.

```python
from hauberk.compat import jwt  # was: import jwt

token = jwt.encode({"sub": "ada"}, secret, algorithm="HS256")
claims = jwt.decode(token, secret, algorithms=["HS256"])
```

Everything public in PyJWT 2.15, with the same tokens, options and exceptions, each of
which is one of hauberk's as well. It is stricter in places: JSON with two members of
one name, keys that hauberk refuses, and booleans as times are refused. Secrets that are
too short are a warning, as in PyJWT; in `hauberk.jwt` they are an error, and more than
that is left to nobody's memory. Better move on to it: see the guide on migration.
"""

from hauberk.compat.jwt.api_jwk import PyJWK as PyJWK
from hauberk.compat.jwt.api_jwk import PyJWKSet as PyJWKSet
from hauberk.compat.jwt.api_jws import PyJWS as PyJWS
from hauberk.compat.jwt.api_jws import get_algorithm_by_name as get_algorithm_by_name
from hauberk.compat.jwt.api_jws import get_unverified_header as get_unverified_header
from hauberk.compat.jwt.api_jws import register_algorithm as register_algorithm
from hauberk.compat.jwt.api_jws import unregister_algorithm as unregister_algorithm
from hauberk.compat.jwt.api_jwt import PyJWT as PyJWT
from hauberk.compat.jwt.api_jwt import decode as decode
from hauberk.compat.jwt.api_jwt import decode_complete as decode_complete
from hauberk.compat.jwt.api_jwt import encode as encode
from hauberk.compat.jwt.exceptions import DecodeError as DecodeError
from hauberk.compat.jwt.exceptions import ExpiredSignatureError as ExpiredSignatureError
from hauberk.compat.jwt.exceptions import (
    ImmatureSignatureError as ImmatureSignatureError,
)
from hauberk.compat.jwt.exceptions import InvalidAlgorithmError as InvalidAlgorithmError
from hauberk.compat.jwt.exceptions import InvalidAudienceError as InvalidAudienceError
from hauberk.compat.jwt.exceptions import InvalidIssuedAtError as InvalidIssuedAtError
from hauberk.compat.jwt.exceptions import InvalidIssuerError as InvalidIssuerError
from hauberk.compat.jwt.exceptions import InvalidKeyError as InvalidKeyError
from hauberk.compat.jwt.exceptions import InvalidSignatureError as InvalidSignatureError
from hauberk.compat.jwt.exceptions import InvalidTokenError as InvalidTokenError
from hauberk.compat.jwt.exceptions import (
    MissingRequiredClaimError as MissingRequiredClaimError,
)
from hauberk.compat.jwt.exceptions import (
    PyJWKClientConnectionError as PyJWKClientConnectionError,
)
from hauberk.compat.jwt.exceptions import PyJWKClientError as PyJWKClientError
from hauberk.compat.jwt.exceptions import PyJWKError as PyJWKError
from hauberk.compat.jwt.exceptions import PyJWKSetError as PyJWKSetError
from hauberk.compat.jwt.exceptions import PyJWTError as PyJWTError
from hauberk.compat.jwt.jwks_client import PyJWKClient as PyJWKClient
from hauberk.compat.jwt.warnings import (
    InsecureKeyLengthWarning as InsecureKeyLengthWarning,
)

#: Of the PyJWT whose interface this is, for those who ask.
__version__ = "2.15.1"

__all__ = [
    "DecodeError",
    "ExpiredSignatureError",
    "ImmatureSignatureError",
    "InsecureKeyLengthWarning",
    "InvalidAlgorithmError",
    "InvalidAudienceError",
    "InvalidIssuedAtError",
    "InvalidIssuerError",
    "InvalidKeyError",
    "InvalidSignatureError",
    "InvalidTokenError",
    "MissingRequiredClaimError",
    "PyJWK",
    "PyJWKClient",
    "PyJWKClientConnectionError",
    "PyJWKClientError",
    "PyJWKError",
    "PyJWKSet",
    "PyJWKSetError",
    "PyJWS",
    "PyJWT",
    "PyJWTError",
    "decode",
    "decode_complete",
    "encode",
    "get_algorithm_by_name",
    "get_unverified_header",
    "register_algorithm",
    "unregister_algorithm",
]
