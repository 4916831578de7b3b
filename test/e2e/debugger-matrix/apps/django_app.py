import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

if os.path.exists("/app/broken-start"):
    local = "at the start"
    raise ValueError("start")  # here start

TEMPLATE = "{% load filters %}one\n{{ value|broken }}\n"

settings.configure(
    SECRET_KEY="no secret",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF="django_urls",
    MIDDLEWARE=["django_views.Middleware"],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {
                "loaders": [("django.template.loaders.locmem.Loader", {"page.html": TEMPLATE})],
                "libraries": {"filters": "django_views"},
            },
        }
    ],
)
application = get_wsgi_application()
