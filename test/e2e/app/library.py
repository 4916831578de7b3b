"""An imported module of the session tests' application."""

VERSION = "first"


def outer(name):
    greeting = "Dear " + name
    return inner(greeting)


def inner(greeting):
    breakpoint()
    loud = greeting.upper()
    return loud
