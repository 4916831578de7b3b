import falcon


def helper():
    text = "falcon"
    breakpoint()
    return text


class LogIn:
    def process_request(self, got, response):
        got.context.user = "ada"


class View:
    def on_get(self, got, response):
        response.text = helper()


class Raises:
    def on_get(self, got, response):
        raise ValueError("raised")


application = falcon.App(middleware=[LogIn()])
application.add_route("/view", View())
application.add_route("/raises", Raises())
