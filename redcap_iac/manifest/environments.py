"""Environments: the projects a manifest is applied to, and which of them is meant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from redcap_iac.document import Listing, Map, Text
from redcap_iac.errors import AccessError, GuardError, RedcapIacError
from redcap_iac.findings import Findings, Position
from redcap_iac.hazard import Acceptance, Limit, Protection
from redcap_iac.manifest.trust import address_problem
from redcap_iac.suggestions import did_you_mean, in_words

#: Seconds for connecting and for each read, and calls a minute, unless the environment says so.
TIMEOUT = 120.0
#: `at_most:` of an acceptance that does not look at the number, which may be unknown.
ANY = "any"
REQUESTS_PER_MINUTE = 240


@dataclass(frozen=True, slots=True)
class Environment:
    """One project: where it is, where its token is found, what guards it.

    `name` is empty for the one that REDCAP_API_URL and REDCAP_API_TOKEN make. `token_source` is
    `env:NAME`, `file:PATH`, `keyring:SERVICE/NAME` or `command:CMD`; `user` (whose token it is),
    `project_id`, `data` (`test`, `real`), `overlay` and `auto_approval` are empty when not said.
    `timeout` is seconds. `state_dir` is where backups, journals and evidence go ("": beside the
    manifest), `plan_max_age` how many hours a saved plan may be applied (0: a day).
    """

    name: str
    url: str
    token_source: str
    user: str = ""
    project_id: str = ""
    data: str = ""
    default: bool = False
    overlay: str = ""
    auto_approval: str = ""
    variables: tuple[tuple[str, str], ...] = ()
    ca_bundle: str | None = None
    client_cert: str | None = None
    timeout: float = TIMEOUT
    requests_per_minute: int = REQUESTS_PER_MINUTE
    protect: Protection = field(default_factory=Protection)
    accept: tuple[Acceptance, ...] = ()
    limits: tuple[tuple[str, Limit], ...] = ()
    mask_small: bool = False
    state_dir: str = ""
    plan_max_age: int = 0
    at: Position | None = field(default=None, compare=False)


def read_environments(root: Map, findings: Findings) -> tuple[Environment, ...]:
    """Return the environments of a manifest whose shape has been checked."""
    section = root.map("environments")
    if section is None:
        return ()
    found = tuple(
        _environment(name, node, findings)
        for name, node in section.entries
        if isinstance(node, Map)
    )
    defaults = [environment for environment in found if environment.default]
    for second in defaults[1:]:
        findings.error(
            "M501",
            f"Both {defaults[0].name} and {second.name} are the default; one can be.",
            second.at,
        )
    return found


def choose_environment(
    environments: tuple[Environment, ...], name: str | None, environ: Mapping[str, str]
) -> Environment:
    """Return the environment that is meant.

    `name` (of `--env`) comes first, then REDCAP_IAC_ENV, then the default, then the only one.
    Without `environments:` REDCAP_API_URL and REDCAP_API_TOKEN are the environment; with it they
    are not looked at. Raises RedcapIacError when none or several could be meant, GuardError for
    one with an overlay, which this version does not carry out.
    """
    wanted = name or environ.get("REDCAP_IAC_ENV", "")
    if not environments:
        return _from_variables(wanted, environ)
    names = [environment.name for environment in environments]
    if wanted and wanted not in names:
        near = did_you_mean(wanted, names) or f"There is {in_words(names, 'and')}."
        raise RedcapIacError(f"There is no environment {wanted}.", near)
    fitting = [
        environment
        for environment in environments
        if (environment.name == wanted if wanted else environment.default)
    ] or list(environments)
    if len(fitting) > 1:
        raise RedcapIacError(
            f"There are several environments: {in_words(names, 'and')}.",
            "Name one with --env, or mark one with `default: true`.",
        )
    chosen = fitting[0]
    if chosen.overlay:
        raise GuardError(
            f"The environment {chosen.name} has an overlay ({chosen.overlay}), and this version "
            "does not carry overlays out.",
            "Take `overlay:` out of the environment, or choose another one.",
        )
    return chosen


def _from_variables(wanted: str, environ: Mapping[str, str]) -> Environment:
    """Return the environment of REDCAP_API_URL and REDCAP_API_TOKEN."""
    if wanted:
        raise RedcapIacError(
            f"There is no environment {wanted}: the manifest has no `environments:`.",
            "Add the section, or leave the name out.",
        )
    url = environ.get("REDCAP_API_URL", "").strip()
    if not url:
        raise AccessError(
            "No server is named: the manifest has no `environments:`, and REDCAP_API_URL is not "
            "set.",
            "Set REDCAP_API_URL and REDCAP_API_TOKEN, or add `environments:`.",
        )
    problem = address_problem(url)
    if problem:
        raise AccessError(f"REDCAP_API_URL {problem}.", "It looks like https://HOST/api/.")
    return Environment("", url, "env:REDCAP_API_TOKEN")


def _environment(name: Text, node: Map, findings: Findings) -> Environment:
    url = node.text("url")
    if url is not None and (problem := address_problem(url.text)):
        findings.error(
            "M501", f"`url` {problem}.", url.at, advice="It looks like https://HOST/api/."
        )
    default = node.text("default")
    timeout, rate = _said(node, "timeout"), _said(node, "requests_per_minute")
    return Environment(
        name=name.text,
        url=_said(node, "url"),
        token_source=_said(node, "token"),
        user=_said(node, "user"),
        project_id=_said(node, "project_id"),
        data=_said(node, "data"),
        default=default is not None and default.flag is True,
        overlay=_said(node, "overlay"),
        auto_approval=_said(node, "auto_approval"),
        variables=_variables(node.map("variables")),
        ca_bundle=_said(node, "ca_bundle") or None,
        client_cert=_said(node, "client_cert") or None,
        timeout=float(timeout) if timeout else TIMEOUT,
        requests_per_minute=int(rate) if rate else REQUESTS_PER_MINUTE,
        protect=_protection(node.map("protect")),
        accept=_acceptances(node.get("accept"), findings),
        limits=_limits(node.map("limits")),
        mask_small=_flag(node, "mask_small"),
        state_dir=_said(node, "state_dir"),
        plan_max_age=int(_said(node, "plan_max_age") or 0),
        at=name.at,
    )


def _said(node: Map, key: str) -> str:
    """Return the text of a key, "" when it is absent."""
    text = node.text(key)
    return "" if text is None else text.text


def _variables(node: Map | None) -> tuple[tuple[str, str], ...]:
    entries = node.entries if node is not None else ()
    return tuple((key.text, value.text) for key, value in entries if isinstance(value, Text))


def _protection(node: Map | None) -> Protection:
    def names(key: str) -> tuple[str, ...]:
        listing = node.get(key) if node is not None else None
        items = listing.items if isinstance(listing, Listing) else ()
        return tuple(item.text for item in items if isinstance(item, Text))

    return Protection(names("fields"), names("instruments"), names("events"), names("dags"))


def _flag(node: Map, key: str) -> bool:
    text = node.text(key)
    return text is not None and text.flag is True


def _acceptances(node: object, findings: Findings) -> tuple[Acceptance, ...]:
    items = node.items if isinstance(node, Listing) else ()
    return tuple(_acceptance(item, findings) for item in items if isinstance(item, Map))


def _acceptance(node: Map, findings: Findings) -> Acceptance:
    hazard = node.text("hazard")
    code, _, address = (hazard.text if hazard is not None else "").partition(":")
    until = _said(node, "until")
    try:
        date.fromisoformat(until)
    except ValueError:
        at = node.text("until")
        findings.error(
            "M502", f"`until` is no day: {until}.", at.at if at else None,
            advice="Write it as YYYY-MM-DD.",
        )  # fmt: skip
    for key in ("who", "why"):
        said = node.text(key)
        if said is not None and not said.text.strip():
            findings.error("M502", f"`{key}` is empty: an acceptance is somebody's word.", said.at)
    names = node.get("names")
    return Acceptance(
        code=code,
        address=address,
        change=_said(node, "change"),
        at_most=_most(_said(node, "at_most")),
        names=tuple(item.text for item in names.items if isinstance(item, Text))
        if isinstance(names, Listing)
        else (),
        who=_said(node, "who"),
        why=_said(node, "why"),
        until=until,
        at=hazard.at if hazard is not None else node.at,
    )


def _most(said: str) -> int | None:
    """Return how many records are accepted: none where nothing is said, None for any number."""
    return None if said == ANY else int(said or 0)


def _limits(node: Map | None) -> tuple[tuple[str, Limit], ...]:
    entries = node.entries if node is not None else ()
    return tuple((name.text, _limit(limit)) for name, limit in entries if isinstance(limit, Map))


def _limit(node: Map) -> Limit:
    standard = Limit()
    delete, number, change = (
        _said(node, key) for key in ("delete_percent", "delete_number", "change_percent")
    )
    return Limit(
        float(delete) / 100 if delete else standard.delete_share,
        int(number) if number else standard.delete_number,
        float(change) / 100 if change else standard.change_share,
    )
