"""Where the design, as it will be, names events by their unique names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from redcap_iac.kinds import kind_named
from redcap_iac.kinds.dictionary.field import COLUMNS
from redcap_iac.safety.scene import Scene

#: What may hold logic or piping, besides the columns of fields: kind, attribute.
_TEXTS = (("events", "custom_label"), ("repeating", "label"), ("project", "value"))


def naming(scene: Scene, events: Iterable[str]) -> tuple[str, ...]:
    """Return the addresses of what names one of these events in brackets, `[week_4_arm_1]`.

    Fields in any of their texts (logic, calculation, labels, annotations), labels of instances
    and events, the custom record label. Names are compared without regard to case, as REDCap
    does (knowledge base).
    """
    names = "|".join(re.escape(name) for name in events)
    if not names:
        return ()
    pattern = re.compile(rf"\[\s*(?:{names})\s*\]", re.IGNORECASE)
    return tuple(address for address, text in _texts(scene) if pattern.search(text))


def _texts(scene: Scene) -> Iterator[tuple[str, str]]:
    address = kind_named("fields").address
    for field in scene.after("fields"):
        yield address(field), "\n".join(getattr(field, column) for column in COLUMNS)
    for kind, attribute in _TEXTS:
        address = kind_named(kind).address
        for item in scene.after(kind):
            yield address(item), str(getattr(item, attribute) or "")
