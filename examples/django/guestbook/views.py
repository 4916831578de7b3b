from django.shortcuts import render


def greet(request):
    name = request.GET.get("name", "stranger")
    return render(request, "guestbook/greeting.html", {"name": name})
