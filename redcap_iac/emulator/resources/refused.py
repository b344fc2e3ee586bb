"""Contents that REDCap knows and the emulator has not: they serve other programs than API clients.

None is in the API's help; that they exist is told by a published module that lists every content
(knowledge base). A server without them answers 501 in the recorded words.
"""

from __future__ import annotations

from redcap_iac.emulator.errors import not_implemented
from redcap_iac.emulator.registry import API_EXPORT, method
from redcap_iac.emulator.request import Context
from redcap_iac.emulator.wire import Answer

_MOBILE_APP = "serves the REDCap Mobile App"

#: Content to title and to whom it serves.
_CONTENTS = {
    "appRightsCheck": ("Check Mobile App Rights", _MOBILE_APP),
    "attachment": ("Export an Attachment", _MOBILE_APP),
    "authkey": ("Check an Authentication Key", "serves advanced project bookmarks"),
    "fieldValidation": ("Export Field Validation Types", _MOBILE_APP),
    "fileinfo": ("Export File Information", _MOBILE_APP),
    "filesize": ("Export a File Size", _MOBILE_APP),
    "mycap": ("MyCap", "serves the MyCap app"),
    "tableau": ("Tableau", "serves a Tableau connector"),
}


def _refuse(_context: Context) -> Answer:
    raise not_implemented()


for _content, (_title, _remark) in _CONTENTS.items():
    method(
        _content,
        "export",
        _title,
        API_EXPORT,
        remark=f"{_remark}; not in the API's help",
        answered=False,
    )(_refuse)
