"""What is looked at: values, what each kind holds, what everybody may do, what files hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from redcap_iac import workflow
from redcap_iac.kinds import all_kinds
from redcap_iac.safety.access import Access, excess
from redcap_iac.safety.journals import read_journal
from tests.end_to_end.campaign.design import Stored
from tests.end_to_end.study import Study

Everybody = Mapping[str, Access]


def stored(study: Study) -> set[Stored]:
    """Return every value in the emulator's own tables, record ids aside."""
    project = study.project
    with project.emulator.store.transaction() as db:
        rows = db.execute(
            "SELECT d.record, e.unique_name, d.instance, d.field_name, d.value FROM data d"
            " JOIN events e ON e.event_id = d.event_id"
            " WHERE d.project_id = ? AND d.field_name <> 'record_id'",
            (project.project_id,),
        ).fetchall()
    return {tuple(row) for row in rows}


def visible(study: Study) -> set[tuple[str, ...]]:
    """Return every value that an export shows, with record, event and instance."""
    columns = (
        "record", "redcap_event_name", "redcap_repeat_instrument", "redcap_repeat_instance",
        "field_name", "value",
    )  # fmt: skip
    return {
        tuple(str(row.get(column) or "") for column in columns)
        for row in study.project.rows("record", type="eav")
    }


def shape(study: Study) -> dict[str, Counter[str]]:
    """Return what each kind holds as people compare it: a second one of a name is told."""
    live = workflow.read(study.session)
    found: dict[str, Counter[str]] = {}
    for kind in all_kinds():
        lines: Counter[str] = Counter()
        for item in kind.items(live.state):
            said = f"{kind.address(item)} {kind.normal(item)}"
            if kind.name in ("roles", "dags"):
                said = said.replace(str(getattr(item, "unique_name", "-")), "-")
            lines[said] += 1
        found[kind.name] = lines
    return found


def more_than(now: Everybody, before: Everybody, after: Everybody) -> dict[str, str]:
    """Return who may do what neither before nor after allows; people only others know aside."""
    found: dict[str, str] = {}
    for name, access in now.items():
        if name not in before and name not in after:
            continue
        more = excess(access, before.get(name), after.get(name))
        if more is None or more:
            found[name] = f"{name} may {sorted(map(str, more or ['what nobody knows']))}"
    return found


def exposed(study: Study) -> frozenset[str]:
    """Return whom the journals name as taken out of a role and not provided for again."""
    folder = study.folder / ".redcap-iac" / "journals"
    paths = sorted(folder.iterdir()) if folder.is_dir() else []
    return frozenset(name for path in paths[-1:] for name in read_journal(path).exposed())


def leaks(study: Study) -> Iterator[str]:
    """Yield the files that were kept and hold the token or a stored value."""
    for path in (study.folder / ".redcap-iac").rglob("*"):
        text = path.read_text(encoding="utf-8").lower() if path.is_file() else ""
        if "zanzibar" in text or study.project.token.lower() in text:
            yield f"{path.name} holds a value or the token"
