import os

SECRET_KEY = "only for tests"
DEBUG = False
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "shop.urls"
WSGI_APPLICATION = "shop.wsgi.application"
INSTALLED_APPS = ["shop"]
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
USE_TZ = True
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "postgres",
        "USER": "postgres",
        "HOST": os.environ.get("DB_HOST", "db"),
        "PASSWORD": "",
    }
}
if os.path.exists("/run/secrets/db_password"):
    with open("/run/secrets/db_password", encoding="utf-8") as secret:
        DATABASES["default"]["PASSWORD"] = secret.read().strip()
