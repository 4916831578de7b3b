import os

from django.urls import path

import django_views as views

if os.path.exists("/app/broken-urls"):
    local = "in the URLconf"
    raise ValueError("urlconf")  # here urlconf

urlpatterns = [
    path("view", views.view),
    path("template", views.page),
    path("handled", views.handled),
    path("missing", views.missing),
    path("forbidden", views.forbidden),
    path("fine", views.fine),
]
