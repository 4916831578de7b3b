import bottle

application = bottle.Bottle()


@application.hook("before_request")
def check():
    if bottle.request.path == "/middleware":
        local = "in a hook"
        raise ValueError("middleware")  # here middleware


@application.get("/view")
def view():
    local = "in the view"
    raise ValueError("view")  # here view


def broken():
    local = "in the template"
    return 1 // 0  # here template


@application.get("/template")
def template():
    return bottle.template("one\n{{broken()}}\n", broken=broken)


@application.get("/missing")
def missing():
    bottle.abort(404)


@application.get("/forbidden")
def forbidden():
    bottle.abort(403)


@application.get("/elsewhere")
def elsewhere():
    bottle.redirect("/fine")


@application.get("/fine")
@application.get("/middleware")
def fine():
    return "fine"
