"""What hauberk gives a Flask application."""
