"""Encrypted columns.

```python
class User(Base):
    email: Mapped[str] = mapped_column(
        EncryptedString(context="shop.User.email", keyring=keyring)
    )
    email_bidx: Mapped[str | None] = mapped_column(
        BlindIndexType("email", normalize="email"), unique=True
    )

session.scalars(select(User).where(User.email == "ann@example.org"))
```

A value is encrypted on its way to the database and opens on the way back. Equal values
have different ciphertexts, so that only NULL can be looked for, unless the table has a
column of a `BlindIndexType` beside it, which is written and asked instead; or unless
the column is deterministic.
"""

# The first two listen to what every engine executes.
from hauberk.encryption.plaintext import plaintext_reads as plaintext_reads
from hauberk.sqlalchemy.encryption import filling as _filling
from hauberk.sqlalchemy.encryption import statements as _statements
from hauberk.sqlalchemy.encryption.blind_index import BlindIndexType as BlindIndexType
from hauberk.sqlalchemy.encryption.reencrypt import reencrypt as reencrypt
from hauberk.sqlalchemy.encryption.scalars import EncryptedBoolean as EncryptedBoolean
from hauberk.sqlalchemy.encryption.scalars import EncryptedBytes as EncryptedBytes
from hauberk.sqlalchemy.encryption.scalars import EncryptedDate as EncryptedDate
from hauberk.sqlalchemy.encryption.scalars import EncryptedDateTime as EncryptedDateTime
from hauberk.sqlalchemy.encryption.scalars import EncryptedDecimal as EncryptedDecimal
from hauberk.sqlalchemy.encryption.scalars import EncryptedFloat as EncryptedFloat
from hauberk.sqlalchemy.encryption.scalars import EncryptedInteger as EncryptedInteger
from hauberk.sqlalchemy.encryption.scalars import EncryptedInterval as EncryptedInterval
from hauberk.sqlalchemy.encryption.scalars import EncryptedJSON as EncryptedJSON
from hauberk.sqlalchemy.encryption.scalars import EncryptedString as EncryptedString
from hauberk.sqlalchemy.encryption.scalars import EncryptedText as EncryptedText
from hauberk.sqlalchemy.encryption.scalars import EncryptedTime as EncryptedTime
from hauberk.sqlalchemy.encryption.scalars import EncryptedUUID as EncryptedUUID
from hauberk.sqlalchemy.encryption.types import DeterministicType as DeterministicType
from hauberk.sqlalchemy.encryption.types import EncryptedType as EncryptedType

del _filling, _statements

__all__ = [
    "BlindIndexType",
    "DeterministicType",
    "EncryptedBoolean",
    "EncryptedBytes",
    "EncryptedDate",
    "EncryptedDateTime",
    "EncryptedDecimal",
    "EncryptedFloat",
    "EncryptedInteger",
    "EncryptedInterval",
    "EncryptedJSON",
    "EncryptedString",
    "EncryptedText",
    "EncryptedTime",
    "EncryptedType",
    "EncryptedUUID",
    "plaintext_reads",
    "reencrypt",
]
