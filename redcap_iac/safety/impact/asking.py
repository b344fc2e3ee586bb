"""Asks the server politely: nothing twice, four at a time, and not for ever."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor

from redcap_iac.client import Client
from redcap_iac.errors import AccessError, RedcapIacError, RefusedError
from redcap_iac.safety.impact.inquiry import Inquiry, Seen

_AT_ONCE = 4
#: A server that fails is asked no more than so often: every failure takes several tries.
_MOST_FAILURES = 3

Answers = Mapping[Inquiry, "frozenset[Seen] | None"]


class Asker:
    """Makes inquiries and keeps their answers; None is what was refused, failed or not tried.

    A count that fails is never an error of the plan: the number is not known. After the first
    answer that says the server is out of reach or does not accept the token, and after a few
    failures, nothing more is asked.
    """

    def __init__(self, client: Client) -> None:
        self.client = client
        self._answers: dict[Inquiry, frozenset[Seen] | None] = {}
        self._failures = 0

    @property
    def has_given_up(self) -> bool:
        """Tell whether nothing more is asked."""
        return self._failures >= _MOST_FAILURES

    def ask(self, inquiries: Iterable[Inquiry]) -> Answers:
        """Return the answers; equal inquiries are made once, also over several calls."""
        wanted = tuple(dict.fromkeys(inquiries))
        new = [one for one in wanted if one not in self._answers]
        if new:
            with ThreadPoolExecutor(_AT_ONCE) as pool:
                self._answers.update(zip(new, pool.map(self._try, new), strict=True))
        return {one: self._answers[one] for one in wanted}

    def _try(self, inquiry: Inquiry) -> frozenset[Seen] | None:
        if self.has_given_up:
            return None
        try:
            return inquiry.read(self.client.send(inquiry.call()))
        except RefusedError:
            return None  # this filter, not the server: the next may be answered
        except AccessError:
            self._failures = _MOST_FAILURES
        except RedcapIacError:
            self._failures += 1
        return None
