from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse, StreamingHttpResponse
from django.urls import path

settings.configure(
    SECRET_KEY="no secret",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes"],
    SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies",
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ],
)


def helper():
    text = "django"
    breakpoint()
    return text


def view(got):
    got.session["item"] = "tea"
    return HttpResponse(helper())


def raises(got):
    got.session["item"] = "tea"
    raise ValueError("raised")


def parts():
    yield helper()


urlpatterns = [
    path("view", view),
    path("raises", raises),
    path("parts", lambda got: StreamingHttpResponse(parts())),
]
application = get_wsgi_application()
