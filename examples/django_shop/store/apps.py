"""The app of the example shop."""

from django.apps import AppConfig


class StoreConfig(AppConfig):
    name = "store"
