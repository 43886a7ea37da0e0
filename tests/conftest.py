"""What pytest does not collect."""

# A module of models that Django has imported under its application's name.
collect_ignore_glob = ["integration/django/records/*"]
