"""A field that goes from one instrument to another: its lines, its matrix, its row of a CSV."""

from __future__ import annotations

from redcap_iac.errors import EditError
from redcap_iac.kinds.dictionary.field import Field
from redcap_iac.manifest.editing.definitions import definition_of
from redcap_iac.manifest.editing.folder import Folder, Site
from redcap_iac.manifest.editing.hinting import hint
from redcap_iac.manifest.editing.shares import mapping
from redcap_iac.manifest.editing.yaml_text import YamlText

Path = tuple[str | int, ...]
#: What a field says in YAML and a row of a CSV cannot; `renamed_from` has its place elsewhere.
_YAML_ONLY = frozenset({"ignore", "recode"})


def cross(folder: Folder, field: Field, site: Site, goal: Site, after: str | None) -> None:
    """Put a field, which names its new instrument already, behind another one or first.

    EditError where what is written about it has no place in the other file.
    """
    if site.is_csv:
        _from_table(folder, field, site, goal, after)
    elif goal.is_csv:
        _into_table(folder, field, site, goal, after)
    else:
        _within_yaml(folder, field, site, goal, after)


# from YAML to YAML


def _within_yaml(folder: Folder, field: Field, site: Site, goal: Site, after: str | None) -> None:
    source, target = folder.yaml(site.file), folder.yaml(goal.file)
    group = field.matrix_group_name
    _carry(source, target, (*site.path, "matrices"), (*goal.path, "matrices"), group)
    path = (*site.path, "fields", field.field_name)
    entry, value = source.lifted(path), source.value(path)
    source.remove(path)
    there = (*goal.path, "fields")
    if entry is not None:
        target.put(there, field.field_name, entry, after=after)
    else:
        target.insert(there, field.field_name, value, after=after)
    rows = mapping(source.value((*site.path, "fields"))).values()
    block = (*site.path, "matrices", group)
    if group and source.has(block) and all(mapping(row).get("matrix") != group for row in rows):
        source.remove(block)
        if not mapping(source.value(block[:-1])):
            source.remove(block[:-1])


def _carry(source: YamlText, target: YamlText, old: Path, new: Path, group: str) -> None:
    """Copy what the rows of a matrix share to the instrument one of them goes to."""
    if not group or not source.has((*old, group)) or target.has((*new, group)):
        return
    block, shared = source.lifted((*old, group)), source.value((*old, group))
    if not target.has(new):
        there = [str(key) for key in mapping(target.value(new[:-1]))]
        before = [key for key in there if key in ("instrument", "label", "renamed_from")]
        target.insert(new[:-1], "matrices", {}, after=before[-1] if before else None)
    if block is not None:
        known = [str(key) for key in mapping(target.value(new))]
        target.put(new, group, block, after=known[-1] if known else None)
    else:
        target.set((*new, group), shared)


# CSV


def _into_table(folder: Folder, field: Field, site: Site, goal: Site, after: str | None) -> None:
    path = (*site.path, "fields", field.field_name)
    source = folder.yaml(site.file)
    own = [key for key in mapping(source.value(path)) if key in _YAML_ONLY or key[:2] == "x-"]
    if own:
        raise EditError(
            f"{field.field_name} cannot go to {goal.file}: a CSV has no place for its {own[0]}.",
            f"Take {own[0]} out, or keep {goal.name} as YAML.",
        )
    source.remove(path)
    folder.csv(goal.file).insert_row(after, field.row())
    if field.renamed_from:
        hint(folder, "fields", field.renamed_from, field.field_name)


def _from_table(folder: Folder, field: Field, site: Site, goal: Site, after: str | None) -> None:
    table = folder.csv(site.file)
    if site.file == goal.file:
        table.set(field.field_name, "form_name", goal.name)
        if after != field.field_name:
            table.move_row(field.field_name, after)
        return
    table.remove_row(field.field_name)
    if goal.is_csv:
        folder.csv(goal.file).insert_row(after, field.row())
    else:
        there = (*goal.path, "fields")
        keys = definition_of(field)
        folder.yaml(goal.file).insert(there, field.field_name, keys, after=after)
    if not table.fields():
        folder.take_out(site)
