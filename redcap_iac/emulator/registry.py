"""The table of methods: what the API answers, what it asks for, and how to read it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from redcap_iac.emulator.errors import ApiFault, not_implemented, unknown_content
from redcap_iac.emulator.request import Context, Request
from redcap_iac.emulator.wire import Answer

Handler = Callable[[Context], Answer]

#: What a method asks for, as named in `rights.require`.
API_EXPORT = "api_export"
API_IMPORT = "api_import"
SUPER_TOKEN = "super_token"  # noqa: S105 - a kind of token, not one
ANY_TOKEN = "any_token"  # noqa: S105 - a kind of token, not one


@dataclass(frozen=True, slots=True)
class Method:
    """One method of the API.

    `rights` are API columns the caller needs besides a token; `title` is REDCap's own name for
    the method; `answered` is False for methods that are refused on purpose, with `remark` why.
    """

    content: str
    action: str
    title: str
    rights: tuple[str, ...]
    handler: Handler
    remark: str = ""
    answered: bool = True
    writes: bool = False


_METHODS: dict[tuple[str, str], Method] = {}

#: Contents whose import needs no `action`: `data` alone selects it (recorded, part 2 §1.1).
DATA_SELECTS_IMPORT = frozenset(
    {
        "user",
        "userRole",
        "userRoleMapping",
        "userDagMapping",
        "formEventMapping",
        "metadata",
        "record",
        "repeatingFormsEvents",
        "project_settings",
    }
)


def method(
    content: str,
    action: str,
    title: str,
    *rights: str,
    remark: str = "",
    answered: bool = True,
    writes: bool | None = None,
) -> Callable[[Handler], Handler]:
    """Register a handler under its content and action (`export` where REDCap has none)."""

    def register(handler: Handler) -> Handler:
        key = (content, action)
        if key in _METHODS:
            raise ValueError(f"two handlers for {content}/{action}")
        is_write = API_IMPORT in rights if writes is None else writes
        _METHODS[key] = Method(content, action, title, rights, handler, remark, answered, is_write)
        return handler

    return register


def methods() -> Iterator[Method]:
    """Yield every registered method, sorted by content and action."""
    for key in sorted(_METHODS):
        yield _METHODS[key]


def writes(content: str, action: str) -> bool:
    """Tell whether a method changes something; one that does not exist does not."""
    found = _METHODS.get((content, action))
    return found is not None and found.writes


def find(request: Request, *, super_token: bool) -> Method:
    """Return the method a request asks for.

    Raises ApiFault 400 for an unknown content, 501 for an action the content does not have.
    """
    key = key_of(request, super_token=super_token)
    found = _METHODS.get(key)
    if found is not None:
        return found
    if not any(content == request.content for content, _ in _METHODS):
        raise unknown_content()
    if key == ("project_settings", "export"):  # which has data or is nothing
        raise ApiFault("No data were provided.")
    raise not_implemented()


def key_of(request: Request, *, super_token: bool) -> tuple[str, str]:
    """Return the content and action a request names, whether there is such a method or not."""
    content = request.content
    action = request.text("action") or "export"
    if content == "project" and super_token:
        return content, "create"
    if action == "export" and "data" in request.scalars and content in DATA_SELECTS_IMPORT:
        action = "import"
    return content, action
