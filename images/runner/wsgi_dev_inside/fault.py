"""What goes wrong on the person's side, in their words."""

FAILED, USAGE, TIMEOUT, INTERRUPTED = 1, 2, 124, 130


class Fault(Exception):
    """What failed and on what value; `hint` says what to do, `code` is the exit code."""

    def __init__(self, message: str, hint: str = "", code: int = FAILED) -> None:
        super().__init__(message)
        self.hint = hint
        self.code = code
