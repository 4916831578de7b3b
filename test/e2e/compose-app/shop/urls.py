import json
import os

from django.http import HttpResponse, JsonResponse
from django.urls import path

from shop.models import Item


def stock(request):
    """Adds an item and stops with what the database has."""
    Item.objects.create(name=request.GET["name"])
    names = list(Item.objects.order_by("id").values_list("name", flat=True))
    breakpoint()
    return JsonResponse({"names": names})


def names(request):
    """All that the database has."""
    return JsonResponse({"names": list(Item.objects.order_by("id").values_list("name", flat=True))})


def place(request):
    """What the service's place has brought."""
    with open("/etc/hosts", encoding="utf-8") as file:
        hosts = file.read()
    with open("/etc/shop.json", encoding="utf-8") as file:
        config = json.load(file)
    with open("/run/secrets/token", encoding="utf-8") as file:
        token = file.read()
    scratch = os.statvfs("/scratch")
    facts = {
        "env": {name: os.environ.get(name) for name in ("COLOUR", "PRICE", "FROM_FILE", "WSGI_DEV_SETTINGS")},
        "hosts": "10.1.2.3\tlegacy" in hosts,
        "config": config,
        "token": token,
        "volume": os.path.ismount("/media"),
        "tmpfs": [scratch.f_blocks * scratch.f_frsize, oct(os.stat("/scratch").st_mode & 0o7777)],
        "cwd": os.getcwd(),
        "uid": os.getuid(),
        "server": request.META.get("SERVER_SOFTWARE", "").split("/")[0],
    }
    return HttpResponse(json.dumps(facts))


urlpatterns = [path("stock", stock), path("names", names), path("place", place)]
