import falcon


class Sold(Exception):
    pass


def sold(request, response, error, params):
    response.status = 409
    response.text = "sold out"


class Middleware:
    def process_request(self, request, response):
        if request.path == "/middleware":
            local = "in the middleware"
            raise ValueError("middleware")  # here middleware


class View:
    def on_get(self, request, response):
        local = "in the view"
        raise ValueError("view")  # here view


class Answered:
    def on_get(self, request, response):
        local = "answered as an error"
        raise LookupError("answered")  # here answered


def failed(request, response, error, params):
    response.status = 503
    response.text = "own error page"


class Raises:
    def __init__(self, error):
        self.error = error

    def on_get(self, request, response):
        raise self.error


class Fine:
    def on_get(self, request, response):
        response.text = "fine"


application = falcon.App(middleware=[Middleware()])
application.add_error_handler(Sold, sold)
application.add_error_handler(LookupError, failed)
application.add_route("/answered", Answered())
application.add_route("/view", View())
application.add_route("/middleware", Fine())
application.add_route("/handled", Raises(Sold()))
application.add_route("/missing", Raises(falcon.HTTPNotFound()))
application.add_route("/forbidden", Raises(falcon.HTTPForbidden()))
application.add_route("/elsewhere", Raises(falcon.HTTPFound("/fine")))
application.add_route("/fine", Fine())
