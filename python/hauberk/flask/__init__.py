"""What hauberk gives a Flask application."""

from hauberk.flask.passwords import check_password_hash as check_password_hash
from hauberk.flask.passwords import generate_password_hash as generate_password_hash

__all__ = ["check_password_hash", "generate_password_hash"]
