"""The passes under a real Apache, in their order."""

from typing import Any, Callable, Dict, List, Optional

from .cgi import cgi
from .deployed import deployed
from .notes import Place
from .order import Order
from .restricted import restricted

#: (order, directory of its own, the application's place, what was found before) → findings
Pass = Callable[[Order, str, Optional[Place], List[Dict[str, Any]]], List[Dict[str, Any]]]

APACHE_PASSES: Dict[str, Pass] = {"cgi": cgi, "restricted": restricted, "deployed": deployed}
