"""What becomes of each directive of a user's configuration, in one table for each mode, and why."""

from typing import Callable, Dict, List, NamedTuple, Optional, Tuple

from .dump import Directive
from .groups import GLOBAL
from .words import join, split

#: A rule makes a directive's new arguments of its old ones; None: the directive is left out.
Rule = Callable[[List[str]], Optional[List[str]]]


class Ruled(NamedTuple):
    """A rule and why it is there, in words for a person."""

    rule: Rule
    why: str


ONE_PROCESS = "debug mode is one process"
TERMINAL = "the debugger needs the terminal"
CONTAINER = "the container's own"
LOGS = "logs go to the terminal"
WAITING = "a prompt takes its time"
IDLE = "an idle connection would hold the process"

_MPM = (
    *("startservers", "minspareservers", "maxspareservers", "serverlimit", "maxclients", "maxrequestworkers"),
    *("minsparethreads", "maxsparethreads", "threadsperchild", "threadlimit", "maxrequestsperchild"),
    *("maxconnectionsperchild", "asyncrequestworkerfactor", "listenbacklog", "listencoresbucketsratio"),
    *("gracefulshutdowntimeout", "threadstacksize", "maxmemfree", "maxspare", "maxthreadsperchild"),
)
_DAEMON_ONLY = ("user", "group", "supplementary-groups", "chroot", "script-user", "script-group")


def _out(_words: List[str]) -> Optional[List[str]]:
    return None


def _global(_words: List[str]) -> List[str]:
    return [GLOBAL]


def _in_one_process(words: List[str]) -> List[str]:
    """A script's own groups: all in the main interpreter of the one process."""
    kept = [word for word in words if not word.lower().startswith(("process-group=", "application-group="))]
    return [*kept, f"process-group={GLOBAL}", f"application-group={GLOBAL}"]


def _in_one_interpreter(words: List[str]) -> List[str]:
    kept = [word for word in words if not word.lower().startswith("application-group=")]
    return [*kept, f"application-group={GLOBAL}"]


def _as_this_user(words: List[str]) -> List[str]:
    return [word for word in words if word.partition("=")[0].lower() not in _DAEMON_ONLY]


def _without_profile(words: List[str]) -> Optional[List[str]]:
    """Red Hat's OpenSSL has names for what the system's policy allows."""
    return None if any(word.upper().startswith("PROFILE=") for word in words) else words


def _table(names: Tuple[str, ...], rule: Rule, why: str) -> Dict[str, Ruled]:
    return {name: Ruled(rule, why) for name in names}


_BOTH: Dict[str, Ruled] = {
    **_table(("listen", "user", "group", "pidfile", "scoreboardfile", "chrootdir", "suexecusergroup"), _out, CONTAINER),
    **_table(
        ("serverroot", "defaultruntimedir", "coredumpdirectory", "mutex", "lockfile", "acceptmutex"), _out, CONTAINER
    ),
    **_table(("loadfile", "sslsessioncache", "sslstaplingcache", "sslmutex", "sslpassphrasedialog"), _out, CONTAINER),
    **_table(("sslcryptodevice",), _out, CONTAINER),
    **_table(("sslciphersuite", "sslproxyciphersuite"), _without_profile, "Debian's OpenSSL has no such profiles"),
    **_table(
        ("errorlog", "customlog", "transferlog", "forensiclog", "globallog", "errorlogformat", "scriptlog"), _out, LOGS
    ),
    **_table(("namevirtualhost",), _out, "Apache 2.4 has it by itself"),
}
_DEBUG: Dict[str, Ruled] = {
    **_BOTH,
    **_table(("wsgidaemonprocess",), _out, f"{ONE_PROCESS}; what it sets is carried over"),
    **_table(("wsgipythonhome", "wsgipythonpath", "wsgipythoneggs"), _out, "carried over"),
    **_table(("wsgirestrictembedded", "wsgilazyinitialization", "wsgisocketprefix"), _out, ONE_PROCESS),
    **_table(("wsgisocketrotation", "wsgiacceptmutex", "wsgidestroyinterpreter", *_MPM), _out, ONE_PROCESS),
    **_table(("wsgirestrictstdin", "wsgirestrictstdout", "wsgirestrictsignal"), _out, TERMINAL),
    **_table(("wsgiprocessgroup", "wsgiapplicationgroup"), _global, ONE_PROCESS),
    **_table(("wsgiscriptalias", "wsgiscriptaliasmatch", "wsgiimportscript"), _in_one_process, ONE_PROCESS),
    **_table(
        ("wsgidispatchscript", "wsgiaccessscript", "wsgiauthuserscript", "wsgiauthgroupscript"),
        _in_one_interpreter,
        ONE_PROCESS,
    ),
    **_table(("wsgihandlerscript",), _in_one_process, ONE_PROCESS),
    **_table(("wsgiscriptreloading",), _out, "wsgi-dev loads it anew after an edit"),
    **_table(
        ("keepalive", "keepalivetimeout", "maxkeepaliverequests"), _out, "an idle connection would hold the process"
    ),
    **_table(("timeout", "requestreadtimeout", "proxytimeout"), _out, WAITING),
}
_SERVE: Dict[str, Ruled] = {
    **_BOTH,
    **_table(("wsgidaemonprocess",), _as_this_user, "runs as the project's owner"),
    **_table(("wsgisocketprefix",), _out, CONTAINER),
}


def is_mpms(name: str) -> bool:
    """Whether a directive (lower case) is a multi-processing module's."""
    return name in _MPM


def ruled(one: Directive, debug: bool) -> Tuple[Optional[str], str]:
    """The directive's arguments in this mode (None: it is left out), and why they differ, where they do."""
    found = (_DEBUG if debug else _SERVE).get(one.key)
    if found is None:
        return one.args, ""
    words = split(one.args)
    after = found.rule(words)
    if after is None:
        return None, found.why
    if sorted(after) == sorted(words):
        return one.args, ""
    return join(after), found.why
