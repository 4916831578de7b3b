import logging

from django.core.cache import cache
from django.http import HttpResponse, StreamingHttpResponse

log = logging.getLogger(__name__)


def index(request):
    log.info("a visitor")
    cache.get_or_set("greeting", lambda: "Hello", 60)
    return HttpResponse(cache.get("greeting"))


def late(request):
    return StreamingHttpResponse(f"{number}\n" for number in range(3))
