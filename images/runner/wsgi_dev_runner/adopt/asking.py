"""Apache reads a configuration, and says what it finds or what is wrong with it."""

import re
from typing import Any, Dict, List, Mapping, Optional, Tuple

from ..settings import RUNTIME_DIRECTORY, Settings
from .dump import Directive, read_dump
from .files import COPY, DEBIAN, Copied, Files
from .modules import STATIC, USUAL, exists, is_mpm, path_of, with_needed
from .remembered import answer_to, asked_of, remember
from .result import AdoptError
from .said import Said
from .variables import environment
from .words import quoted

_APACHE = "/usr/sbin/apache2"
_ASKING = f"{RUNTIME_DIRECTORY}/asking.conf"
_DUMP = ["-t", "-D", "DUMP_CONFIG", "-D", "DUMP_MODULES"]
_ERROR = re.compile(r"(?:AH\d+: )?(?:\S*apache2: )?Syntax error on line (\d+) of ([^\n]+?):\s*\n?(.*)", re.S)
_UNDEFINED = re.compile(r"AH00111: Config variable \$\{([^}]+)\} is not defined")
#: A directory that isn't there, and that it ends: what is wrong stands before.
_BESIDE = re.compile(r"AH00112|AH00014")
#: The time, the module and the process, and the number of a message, which may stand behind what the system says.
_BEFORE = re.compile(r"^(?:\[[^\]]*\] )*|AH\d+: ")
#: Apache reads a configuration in milliseconds; one that is built to take forever is none.
_SECONDS = 20


def ask(settings: Settings, said: Said, files: Files, copied: Copied) -> Tuple[List[Directive], List[str]]:
    """Its directives, as Apache resolves them, and the modules that it loads."""
    wanted = [*USUAL, *copied.asked] if not files.whole else ["env"]
    mpm = ["mpm_prefork"] if settings.debug else _mpm(copied)
    modules = [one for one in dict.fromkeys(wanted) if exists(one) and not is_mpm(one) and one not in STATIC]
    lines = [f"LoadModule {one}_module {path_of(one)}" for one in with_needed([*mpm, "env", *modules, "info", "macro"])]
    lines += [
        f"ServerRoot {quoted(COPY if files.whole else DEBIAN)}",
        "ServerName localhost",
        "ErrorLog /dev/stderr",
    ]
    lines += [f"DefaultRuntimeDir {RUNTIME_DIRECTORY}", *(f"Include {quoted(one)}" for one in copied.first)]
    text = "\n".join(lines) + "\n"
    with open(_ASKING, "w", encoding="latin-1") as file:
        file.write(text)
    mode = ["-D", "ONE_PROCESS", "-D", "DEBUG"] if settings.debug else ["-D", "FOREGROUND"]
    defines = [word for name in copied.defines for word in ("-D", name)]
    texts = {_ASKING: text, **copied.texts} if copied.alone else None
    output = _run(said, ["-f", _ASKING, *_DUMP, *mode, *defines], texts, copied)
    directives, loaded = read_dump(output)
    helpers = {"info_module", "macro_module", *([] if not files.whole else ["env_module"])}
    return [one for one in directives if one.file != _ASKING], [one for one in loaded if one not in helpers]


def check(settings: Settings, said: Said, text: str, origins: Dict[int, Directive]) -> None:
    """Have Apache read what it is to run; a fault is one of the directive that a line comes from."""
    path = f"{RUNTIME_DIRECTORY}/checked.conf"
    with open(path, "w", encoding="latin-1") as file:
        file.write(text)
    mode = ["-D", "ONE_PROCESS"] if settings.debug else []
    try:
        _run(said, ["-t", "-f", path, *mode], {path: text}, None)
    except AdoptError as error:
        # Of a section that isn't closed Apache names the place behind that of the first one: the last one counts.
        found = re.match(rf"(?:{re.escape(path)}:(\d+): )+(.*)", str(error), re.S)
        origin = origins.get(int(found[1])) if found else None
        if found is None or origin is None:
            raise
        raise said.error(origin, found[2]) from None


def _mpm(copied: Copied) -> List[str]:
    loads = any(re.search(r"^LoadModule mpm_", text, re.M) for text in copied.texts.values())
    return [] if loads else ["mpm_event"]


def _run(said: Said, arguments: List[str], texts: Optional[Mapping[str, str]], copied: Optional[Copied]) -> str:
    """What Apache prints; it isn't asked twice of the same `texts`, the files that it reads. None: it always is."""
    variables = environment(copied.variables if copied else {})
    question = asked_of(arguments, texts, variables) if texts is not None else None
    answer = answer_to(question) if question is not None else None
    if answer is None:
        answer = _asked(said, arguments, variables)
        if question is not None:
            remember(question, answer)
    for name in answer["undefined"] if copied is not None else []:
        said.notes.append(f"${{{name}}} is not defined: set it with `env:` or -e {name}=…")
    output: str = answer["output"]
    return output


def _asked(said: Said, arguments: List[str], variables: Mapping[str, str]) -> Dict[str, Any]:
    import subprocess

    try:
        done = subprocess.run([_APACHE, *arguments], env=variables, capture_output=True, timeout=_SECONDS)
    except subprocess.TimeoutExpired:
        raise AdoptError(said.shown, f"Apache has not read it within {_SECONDS} seconds") from None
    complaint = done.stderr.decode("utf-8", "replace")
    if done.returncode != 0:
        raise _complaint(said, complaint)
    return {"output": done.stdout.decode("latin-1"), "undefined": list(dict.fromkeys(_UNDEFINED.findall(complaint)))}


def _complaint(said: Said, text: str) -> AdoptError:
    """Apache's own message, at the user's file and line."""
    lines = [line for line in text.splitlines() if ":warn]" not in line and not _BESIDE.search(line)]
    found = _ERROR.search("\n".join(lines))
    if found is None:
        return AdoptError(said.shown, _BEFORE.sub("", lines[-1] if lines else "Apache refuses it").strip())
    # Of a file that is included the last place is the one.
    inner = _ERROR.search(found[3])
    while inner is not None:
        found, inner = inner, _ERROR.search(inner[3])
    return said.error(Directive("", "", found[2], int(found[1])), re.split(r"\n|\\n", found[3].strip())[0])
