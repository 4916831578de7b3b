from django.urls import path

import django_views as views

handler500 = "django_views.failed"

urlpatterns = [
    path("stopped", views.stopped),
    path("line", views.line),
    path("function", views.function),
    path("view", views.view),
    path("template", views.template),
    path("answered", views.answered),
    path("stream", views.stream),
    path("loop", views.loop),
    path("sleep", views.sleep),
    path("handled", views.handled),
    path("missing", views.missing),
    path("forbidden", views.forbidden),
    path("elsewhere", views.elsewhere),
    path("fine", views.fine),
]
