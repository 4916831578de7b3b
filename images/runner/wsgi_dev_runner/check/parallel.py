"""The third pass: requests at the same time, in threads as a server has them; do they answer as they do one by one?"""

import sys
import threading
import time
from typing import Dict, List, Optional, Tuple

from .limit import Limit
from .loaded import Loaded, load
from .notes import Notes
from .order import Asked, Order
from .places import Places
from .request import Answer, ask
from .tracing import Trace, in_words

#: Each request so many times at once, and all of that so many times.
_COPIES, _ROUNDS = 4, 2
#: Seconds after which Python lets another thread run: often, and not so often that nothing else is done.
_SWITCH = 1e-4
#: Beside others, and traced, they may take so many times as long as one by one.
_SLOWER = 50

#: The phase, in the words of a finding.
BESIDE = "a request beside others"

#: Status and body.
Same = Tuple[int, bytes]


def parallel(order: Order, notes: Notes, limit: Limit) -> None:
    """One by one before and after; of what answers the same both times, whatever differs in between is a finding."""
    if not order.requests:
        return
    places = Places(order.root)
    notes.begin("import")
    with limit:
        loaded = load(order, notes)
    if loaded is None:
        return
    # The first ones make what all others use.
    _one_by_one(order, notes, loaded, limit)
    began = time.monotonic()
    before = _one_by_one(order, notes, loaded, limit)
    patient = limit.longer(_SLOWER * (time.monotonic() - began))
    told: Dict[str, Tuple[Answer, Trace]] = {}
    notes.begin(BESIDE)
    sys.setswitchinterval(_SWITCH)
    for _ in range(_ROUNDS):
        with patient:
            for request, answer, trace in _together(order, loaded, places):
                if request.name not in told and _same(answer) != before[request.name]:
                    told[request.name] = answer, trace
    sys.setswitchinterval(0.005)
    after = _one_by_one(order, notes, loaded, limit)
    for name, (answer, trace) in told.items():
        if before[name] == after[name]:
            notes.begin(name)
            _tell(notes, name, answer, trace, loaded, before[name])


def _one_by_one(order: Order, notes: Notes, loaded: Loaded, limit: Limit) -> Dict[str, Same]:
    found: Dict[str, Same] = {}

    def run() -> None:
        for request in order.requests:
            notes.begin(request.name)
            with limit:
                found[request.name] = _same(ask(loaded.application, request, order.mount))

    # Not in the main thread either, so that nothing else differs.
    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return found


def _together(order: Order, loaded: Loaded, places: Places) -> List[Tuple[Asked, Answer, Trace]]:
    requests = order.requests * _COPIES
    gate = threading.Barrier(len(requests))
    found: List[Tuple[Asked, Answer, Trace]] = []

    def run(request: Asked) -> None:
        gate.wait()
        with Trace(places) as trace:
            answer = ask(loaded.application, request, order.mount)
        found.append((request, answer, trace))

    threads = [threading.Thread(target=run, args=(request,)) for request in requests]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def _tell(notes: Notes, name: str, answer: Answer, trace: Trace, loaded: Loaded, usual: Same) -> None:
    error: Optional[BaseException] = answer.error
    place = loaded.place
    if trace.raised is not None and (error is not None or answer.status != usual[0]):
        error, place = error or trace.raised[0], trace.raised[1]
    elif trace.returned is not None:
        place = trace.returned._replace(via="")
    what = f"answers {answer.status} and not {usual[0]}" if answer.status != usual[0] else "answers with another body"
    words = f"ends with {in_words(error)}" if error is not None else what
    notes.find("parallel", place, f"{name} {words} when other requests run at the same time")


def _same(answer: Answer) -> Same:
    return answer.status, answer.body
