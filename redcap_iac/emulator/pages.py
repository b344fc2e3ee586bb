"""The few pages of HTML that a client meets when it does not meet the API."""

from __future__ import annotations

HTML = "text/html; charset=UTF-8"


def _page(title: str, body: str) -> str:
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><title>{title}</title></head>'
        f"<body>{body}</body></html>\n"
    )


#: What a URL without `/api/` answers: a page for people, with status 200.
LOGIN = _page(
    "REDCap (emulated)",
    '<h1>Log In</h1><form method="post"><input name="username"><input name="password"'
    ' type="password"><button>Log In</button></form>',
)
MOVED = _page("301 Moved Permanently", "<h1>Moved Permanently</h1>")
NOT_FOUND = _page(
    "404 Not Found", "<h1>Not Found</h1><p>The requested URL was not found on this server.</p>"
)
ERROR = _page("Error", "<h1>Error</h1><p>The server did not complete the request.</p>")
#: The only thing known of a ban's text is that it speaks of suspected abuse (recorded).
BANNED = _page(
    "REDCap (emulated)",
    "<p>Access from your IP address has been stopped because of suspected abuse.</p>",
)
#: Neither status nor text of a system that is offline is recorded; the message is a site's own.
OFFLINE = _page("REDCap (emulated)", "<p>REDCap is currently offline. Please try again later.</p>")
#: What once stood before the token of a new project was SQL (recorded); this is of that kind.
NOISE = "INSERT INTO redcap_log (event) VALUES ('project');\n"
