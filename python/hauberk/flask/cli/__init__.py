"""`flask hauberk …`.

Flask finds the commands by itself where hauberk is installed; elsewhere,
`app.cli.add_command(hauberk.flask.cli.group)`.
"""

from flask.cli import AppGroup

from hauberk.flask.cli.wrap_passwords import wrap_passwords

__all__ = ["group"]

group = AppGroup("hauberk", help="What hauberk does beside the application.")
group.add_command(wrap_passwords)
