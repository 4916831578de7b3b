"""Settings of the library: SQLite, no templates."""

from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent

# For this example only: a real project reads its key from the environment.
SECRET_KEY = "wsgi-dev-example"
# Only then Django counts its queries.
DEBUG = True
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]

INSTALLED_APPS = ["library"]
ROOT_URLCONF = "library.urls"
WSGI_APPLICATION = "library.wsgi.application"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": BASE_DIR / "db.sqlite3"}}
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
USE_TZ = True
