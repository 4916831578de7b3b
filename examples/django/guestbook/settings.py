"""Settings of the guestbook: no database, one template."""

from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent

# For this example only: a real project reads its key from the environment.
SECRET_KEY = "wsgi-dev-example"
DEBUG = True
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]

INSTALLED_APPS = ["guestbook"]
MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
ROOT_URLCONF = "guestbook.urls"
WSGI_APPLICATION = "guestbook.wsgi.application"
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]

USE_TZ = True
