"""What the prompt's commands are tried on: a view that a library calls."""

import json


class Basket:
    def __init__(self):
        self.item_count = 3
        self.item_names = ["tea"]


def answer(start_response, text):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [text.encode()]


def through_library(basket):
    return json.loads('{"a": 1}', object_hook=lambda found: view(basket, found))


def view(basket, found):
    total = basket.item_count
    breakpoint()
    total += 1
    return helper(total)


def helper(number):
    return f"{number}\n"


def fails():
    wanted = "here"
    raise ValueError(wanted)


def application(environ, start_response):
    if environ["PATH_INFO"] == "/fails":
        fails()
    if environ["PATH_INFO"] == "/plain":
        return answer(start_response, "plain\n")
    return answer(start_response, through_library(Basket()))
