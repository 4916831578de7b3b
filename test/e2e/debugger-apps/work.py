def quick():
    return "quick"


def after(before):
    words = [before, "after"]
    return " ".join(words)


def unused():
    return "unused"
