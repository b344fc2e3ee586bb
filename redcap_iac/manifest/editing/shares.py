"""What fields take from elsewhere: from a list of choices, or from their matrix."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from redcap_iac.kinds.dictionary import column_f
from redcap_iac.kinds.dictionary.field import CHOICES, Field
from redcap_iac.manifest.editing.definitions import INHERITED, place_of
from redcap_iac.manifest.editing.folder import Folder, Site
from redcap_iac.manifest.editing.yaml_text import YamlText
from redcap_iac.manifest.loader import MANIFEST

Path = tuple[str | int, ...]
Cells = dict[str, dict[str, str]]


@dataclass(frozen=True, slots=True)
class _Shared:
    """A place several fields take their choices, type or section from: a list, or a matrix."""

    file: str
    path: Path


class Shares:
    """Knows which fields take a cell from which place; `state` are the fields as they are."""

    def __init__(
        self, folder: Folder, state: dict[str, Field], site_of: Callable[[str], Site]
    ) -> None:
        self._folder = folder
        self._state = state
        self._site_of = site_of

    def take(self, wished: Cells) -> None:
        """Change shared places whose users all want the same, and take that off the wishes."""
        users: dict[tuple[_Shared, str], set[str]] = {}
        for name in self._state:
            for column, place in self._sources(name):
                users.setdefault((place, column), set()).add(name)
        for (place, column), names in users.items():
            texts = {wished.get(name, {}).get(column) for name in names}
            text = next(iter(texts))
            if len(texts) != 1 or text is None:
                continue
            fields = [with_cells(self._state[name], wished[name]) for name in sorted(names)]
            if self._change_shared(place, column, text, fields):
                for name in names:
                    self._state[name] = with_cells(self._state[name], {column: text})
                    del wished[name][column]

    def _change_shared(
        self, place: _Shared, column: str, text: str, fields: Sequence[Field]
    ) -> bool:
        file = self._folder.yaml(place.file)
        if not file.is_own(place.path):
            return False
        if column != CHOICES:
            give(file, place.path, text or None)
            return True
        new = column_f.described(fields[0]).get("choices")
        if new is None or not all(column_f.described(one).get("choices") for one in fields):
            return False
        keeps_text = isinstance(file.value(place.path), str)
        file.set(place.path, text if keeps_text else new)
        return True

    def _sources(self, name: str) -> Iterator[tuple[str, _Shared]]:
        """Yield the columns a field takes from elsewhere, each with the place."""
        site = self._site_of(name)
        if site.is_csv:
            return
        definition = mapping(self._folder.yaml(site.file).value((*site.path, "fields", name)))
        inherited = set(self.inherited(site, definition))
        group = str(definition.get("matrix") or "")
        block: Path = (*site.path, "matrices", group)
        if "type" in inherited:
            yield "field_type", _Shared(site.file, (*block, "type"))
        if "section" in inherited and self._state[name].section_header:
            yield "section_header", _Shared(site.file, (*block, "section"))
        source = definition
        if inherited & {"choices", "choices_from"}:
            source = mapping(self._folder.yaml(site.file).value(block))
            if "choices" in inherited:
                yield CHOICES, _Shared(site.file, (*block, "choices"))
                return
        listed = source.get("choices_from")
        if listed is not None:
            yield CHOICES, _Shared(MANIFEST, ("choice_lists", str(listed)))

    def inherited(self, site: Site, definition: Mapping[str, object]) -> Iterator[str]:
        """Yield the keys that a field's matrix gives it."""
        file = self._folder.yaml(site.file)
        path = (*site.path, "matrices", str(definition.get("matrix") or ""))
        if not definition.get("matrix") or not file.has(path):
            return
        block = mapping(file.value(path))
        chooses = "choices" in definition or "choices_from" in definition
        for key in INHERITED:
            if key in block and key not in definition:
                if key in ("choices", "choices_from") and chooses:
                    continue
                yield key


def give(file: YamlText, path: Path, value: object) -> None:
    """Set a key at its place among the others, or take it out where the value is None."""
    if value is None:
        if file.has(path):
            file.remove(path)
    elif file.has(path):
        file.set(path, value)
    else:
        key = str(path[-1])
        there = [str(one) for one in mapping(file.value(path[:-1]))]
        file.insert(path[:-1], key, value, after=place_of(key, there))


def with_cells(field: Field, columns: Mapping[str, str]) -> Field:
    """Return a field with other cells."""
    return Field.of({**field.row(), **columns}, field.at, field.places)


def mapping(value: object) -> Mapping[str, object]:
    """Return a value as a map, an empty one where it is none."""
    return value if isinstance(value, dict) else {}
