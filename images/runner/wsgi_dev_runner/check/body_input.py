"""wsgi.input under wsgiref.validate, which refuses `read()`; PEP 3333 asks servers to allow it, so that is a note."""

from wsgiref.validate import InputWrapper

from .notes import Notes
from .places import Places, caller

_MESSAGE = "reads wsgi.input without a size: servers should allow it, mod_wsgi does, and not all do"
_WHY = (
    "PEP 3333 asks servers to allow it; wsgiref's own waits until the client closes the connection, and "
    "wsgiref.validate refuses it."
)
_REMEDY = "Nothing under mod_wsgi; where other servers matter, read int(environ.get('CONTENT_LENGTH') or 0) bytes."


def noted_input(wrapped: InputWrapper, notes: Notes, places: Places) -> InputWrapper:
    """An input in place of the validator's, of which everything may be read at once."""

    class Input(InputWrapper):
        """Validates all else that is asked of it."""

        def read(self, *args: int) -> bytes:
            if not args:
                place = places.beyond_stdlib(caller())
                if place is not None:
                    notes.find("wsgi", place, _MESSAGE, "note", why=_WHY, remedy=_REMEDY)
            return super().read(*(args or (-1,)))

    return Input(wrapped.input)
