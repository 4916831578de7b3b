import sys
import time

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.template import Library
from django.views.defaults import server_error

register = Library()


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
        if request.path == "/import":
            request.urlconf = "broken"
        return self.get_response(request)

    def process_exception(self, request, error):
        return HttpResponse("sold out", status=409) if str(error) == "sold" else None


def failed(request):
    """handler500: the application's own error page, for one kind of error."""
    if isinstance(sys.exc_info()[1], LookupError):
        return HttpResponse("own error page", status=503)
    return server_error(request)


def stopped(request):
    local = "at a breakpoint()"
    breakpoint()  # here stopped
    return HttpResponse("fine")


def line(request):
    local = "at a line"
    text = "fine"  # here line
    return HttpResponse(text)  # here step


def function(request, local="at a function"):
    """A docstring is no place to stop at."""
    text = "fine"  # here function
    return HttpResponse(text)


def view(request):
    local = "in the view"
    raise ValueError("view")  # here view


def template(request):
    return render(request, "page.html", {"value": 1})


def answered(request):
    local = "answered as an error"
    raise LookupError("answered")  # here answered


def stream(request):
    def chunks():
        local = "in a stream"
        yield "first chunk\n"
        raise ValueError("stream")  # here stream

    return StreamingHttpResponse(chunks())


def loop(request):
    local = "in a loop"
    said = False
    going = True
    while going: said = said or print("looping", flush=True) is None  # here loop
    return HttpResponse("fine")


def sleep(request):
    local = "in a sleep"
    time.sleep(print("sleeping", flush=True) or 600)  # here sleep


def handled(request):
    raise ValueError("sold")


def missing(request):
    raise Http404


def forbidden(request):
    raise PermissionDenied


def elsewhere(request):
    return redirect("/fine")


def fine(request):
    return HttpResponse("fine")
