"""What hauberk gives a Django project. Add `"hauberk.django"` to `INSTALLED_APPS`."""
