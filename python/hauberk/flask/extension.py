"""The extension: one object that makes an application use hauberk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hauberk.conf import Settings
from hauberk.flask.busy import register_busy_handler
from hauberk.flask.cli import group
from hauberk.flask.templating import register_filters

if TYPE_CHECKING:
    from flask import Flask

__all__ = ["Hauberk"]


class Hauberk:
    """Read an application's settings, and give it what hauberk has for every request.

    The settings are `HAUBERK_<KEY>`, or a dictionary `HAUBERK`: see `hauberk.conf`.
    What is wrong with them shows here, and not at the first request. The application
    gets the template filters of `hauberk.flask.templating`, and answers 503 with
    `Retry-After` while too many passwords are being hashed. The command `flask` gets
    `flask hauberk …`.

    Args:
        app: The application; without one, call `init_app`.

    Raises:
        ConfigurationError: A setting is not known or wrong; the message says which.

    >>> from flask import Flask
    >>> app = Flask("shop")
    >>> app.config["HAUBERK_HTML_POLICIES"] = {"bold": {"tags": ["b"]}}
    >>> Hauberk(app).init_app.__name__
    'init_app'
    """

    def __init__(self, app: Flask | None = None) -> None:
        if app is not None:
            self.init_app(app)

    def init_app(self, app: Flask) -> None:
        """Check the settings of an application and register what it gets.

        Raises:
            ConfigurationError: A setting is not known or wrong.
        """
        settings = Settings.from_flask(app.config)
        settings.limit_hashing()
        settings.peppers()
        settings.pepper_new_hashes()
        app.extensions["hauberk"] = settings
        register_busy_handler(app)
        app.cli.add_command(group)
        register_filters(app, settings)
