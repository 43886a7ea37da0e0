"""`flask hauberk …`.

`hauberk.flask.Hauberk` adds the commands to its application, and Flask finds them by
itself where hauberk is installed.
"""

from flask.cli import AppGroup

from hauberk.flask.cli.keys import keys
from hauberk.flask.cli.reencrypt import reencrypt
from hauberk.flask.cli.wrap_passwords import wrap_passwords

__all__ = ["group"]

group = AppGroup("hauberk", help="What hauberk does beside the application.")
group.add_command(keys)
group.add_command(reencrypt)
group.add_command(wrap_passwords)
