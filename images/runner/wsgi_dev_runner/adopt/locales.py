"""Locales that a daemon process is to have: lang= and locale= of WSGIDaemonProcess."""

from typing import Dict, Iterable, List, Mapping

#: Option → the variable that mod_wsgi sets by it. With locale= it also takes the locale into effect at once.
VARIABLES = {"lang": "LANG", "locale": "LC_ALL"}
#: In place of these stands C.UTF-8, which has all of them and speaks to a terminal.
_USUAL = ("c.utf8", "c", "posix")


def variables(options: Mapping[str, str], notes: List[str]) -> Dict[str, str]:
    """The variables for debug mode, as far as the image and the terminal have the locale; else a note."""
    found: Dict[str, str] = {}
    for name, variable in VARIABLES.items():
        value = options.get(name, "")
        if not value or _plain(value) in _USUAL:
            continue
        if not is_here(value):
            notes.append(f"{lacking(name, value)}: C.UTF-8 stands for it")
        elif not is_utf8(value):
            notes.append(f"{name}={value} is no UTF-8 locale, which the prompt needs: C.UTF-8 stands for it")
        else:
            found[variable] = value
    return found


def missing(groups: Iterable[Mapping[str, str]]) -> List[str]:
    """Serve mode: what is said of the locales in the options of these groups that the image lacks."""
    said = [(name, options[name]) for options in groups for name in VARIABLES if name in options]
    return [f"{lacking(name, value)}: C.UTF-8 stands for it" for name, value in said if not is_here(value)]


def lacking(name: str, value: str) -> str:
    """What brings a locale that the image lacks."""
    return f"{name}={value} is not in the image (packages.apt: [locales-all] brings it)"


def is_utf8(value: str) -> bool:
    """Whether its encoding is UTF-8."""
    return _plain(value).partition("@")[0].endswith("utf8")


def is_here(value: str) -> bool:
    """Whether the image has the locale."""
    import locale

    before = locale.setlocale(locale.LC_CTYPE)
    try:
        locale.setlocale(locale.LC_CTYPE, value)
    except locale.Error:
        return False
    locale.setlocale(locale.LC_CTYPE, before)
    return True


def _plain(value: str) -> str:
    return value.lower().replace("-", "")
