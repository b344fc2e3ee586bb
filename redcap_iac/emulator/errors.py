"""Refusals of the API: an HTTP status and REDCap's own words."""

from __future__ import annotations


class ApiFault(Exception):  # noqa: N818 - REDCap refuses; nothing went wrong here
    """A refusal; the wire wraps its text in the envelope of the asked `returnFormat`.

    Several faults of one import are one text, joined by newlines (recorded).
    """

    def __init__(self, text: str, status: int = 400) -> None:
        super().__init__(text)
        self.text = text
        self.status = status


def no_permission() -> ApiFault:
    """Answer to an unknown token, an expired user, a missing API right (recorded: 403, not 401)."""
    return ApiFault("You do not have permissions to use the API", 403)


def no_import_right() -> ApiFault:
    """Answer to an import without the API Import/Update right (recorded)."""
    return ApiFault("You do not have API Import/Update privileges", 403)


def not_the_format() -> ApiFault:
    """Answer to a payload that does not parse as the announced format (recorded text)."""
    return ApiFault("The data is not in the specified format.", 400)


def unknown_content() -> ApiFault:
    """Answer to a `content` the server does not know (recorded)."""
    return ApiFault('The value of the parameter "content" is not valid', 400)


def not_implemented() -> ApiFault:
    """Answer to another verb than POST, or an action the server does not have (recorded)."""
    return ApiFault("The requested method is not implemented.", 501)
