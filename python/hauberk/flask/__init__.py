"""What hauberk gives a Flask application."""

from hauberk.flask.busy import register_busy_handler as register_busy_handler
from hauberk.flask.extension import Hauberk as Hauberk
from hauberk.flask.keyrings import keyring as keyring
from hauberk.flask.passwords import check_and_update as check_and_update
from hauberk.flask.passwords import check_password_hash as check_password_hash
from hauberk.flask.passwords import generate_password_hash as generate_password_hash

__all__ = [
    "Hauberk",
    "check_and_update",
    "check_password_hash",
    "generate_password_hash",
    "keyring",
    "register_busy_handler",
]
