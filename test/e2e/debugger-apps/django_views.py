from django import template
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render

register = template.Library()


@register.filter
def broken(value):
    local = "in the template"
    return 1 // 0  # here template


class Middleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path == "/middleware":
            local = "in the middleware"
            raise ValueError("middleware")  # here middleware
        return self.get_response(request)

    def process_exception(self, request, error):
        return HttpResponse("sold out", status=409) if str(error) == "sold" else None


def view(request):
    local = "in the view"
    raise ValueError("view")  # here view


def page(request):
    return render(request, "page.html", {"value": 1})


def handled(request):
    raise ValueError("sold")


def missing(request):
    raise Http404


def forbidden(request):
    raise PermissionDenied


def fine(request):
    return HttpResponse("fine")
