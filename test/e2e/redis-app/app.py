"""Django with its sessions and its cache in Redis, through redis-py."""

import os

from django.conf import settings
from django.core.cache import cache
from django.core.wsgi import get_wsgi_application
from django.http import JsonResponse
from django.urls import path

settings.configure(
    SECRET_KEY="only for tests",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    MIDDLEWARE=["django.contrib.sessions.middleware.SessionMiddleware"],
    SESSION_ENGINE="django.contrib.sessions.backends.cache",
    CACHES={
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": os.environ["REDIS_URL"]}
    },
)


def count(request):
    """How often this visitor came, and how often anybody did."""
    request.session["visits"] = request.session.get("visits", 0) + 1
    cache.add("all", 0)
    total = cache.incr("all")
    breakpoint()
    return JsonResponse({"visits": request.session["visits"], "all": total})


urlpatterns = [path("count", count)]
application = get_wsgi_application()
