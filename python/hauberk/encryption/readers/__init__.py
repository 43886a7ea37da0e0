"""Readers of what other packages encrypted, for migration. They decrypt only.

Give them to a field's `previous`, or use them in a script that encrypts anew; take them
out when nothing of the kind is left, and with them the old keys.

>>> from cryptography.fernet import Fernet
>>> old = Fernet.generate_key()
>>> reader = FernetReader(old)
>>> token = Fernet(old).encrypt(b"1 Main Street").decode()
>>> reader.is_encrypted(token), reader.is_encrypted("1 Main Street")
(True, False)
>>> reader.decrypt(token)
b'1 Main Street'
"""

from hauberk.encryption.readers._base import Reader as Reader
from hauberk.encryption.readers.django_cryptography import (
    DjangoCryptographyReader as DjangoCryptographyReader,
)
from hauberk.encryption.readers.fernet import (
    DjangoFernetFieldsReader as DjangoFernetFieldsReader,
)
from hauberk.encryption.readers.fernet import FernetReader as FernetReader
from hauberk.encryption.readers.sqlalchemy_utils import (
    SqlalchemyUtilsAesGcmReader as SqlalchemyUtilsAesGcmReader,
)
from hauberk.encryption.readers.sqlalchemy_utils import (
    SqlalchemyUtilsAesReader as SqlalchemyUtilsAesReader,
)
from hauberk.encryption.readers.sqlalchemy_utils import (
    SqlalchemyUtilsFernetReader as SqlalchemyUtilsFernetReader,
)

__all__ = [
    "DjangoCryptographyReader",
    "DjangoFernetFieldsReader",
    "FernetReader",
    "Reader",
    "SqlalchemyUtilsAesGcmReader",
    "SqlalchemyUtilsAesReader",
    "SqlalchemyUtilsFernetReader",
]
