"""What fields take from elsewhere: from a list of choices, or from their matrix."""

from __future__ import annotations

from collections import Counter
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

    @property
    def is_list(self) -> bool:
        """Tell whether it is a list of choices, which some users may leave."""
        return self.path[0] == "choice_lists"

    @property
    def is_link(self) -> bool:
        """Tell whether it is a matrix that takes its choices from a list."""
        return self.path[-1] == "choices_from"


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
        self._rename_matrices(wished)
        users: dict[tuple[_Shared, str], list[str]] = {}
        for name in self._state:
            for column, place in self._sources(name):
                users.setdefault((place, column), []).append(name)
        # a matrix leaves a list only when the list does not change for it
        for (place, column), names in sorted(users.items(), key=lambda one: one[0][0].is_link):
            texts = [wished.get(name, {}).get(column) for name in names]
            text = _common(texts) if place.is_list else texts[0]
            if text is None or None in texts or (len(set(texts)) > 1 and not place.is_list):
                continue
            same = [name for name, its in zip(names, texts, strict=True) if its == text]
            fields = [with_cells(self._state[name], wished[name]) for name in same]
            if self._change_shared(place, column, text, fields):
                for name in same:
                    self._state[name] = with_cells(self._state[name], {column: text})
                    del wished[name][column]

    def _rename_matrices(self, wished: Cells) -> None:
        """Rename matrices all of whose rows go to one that is not there, and that off the wishes.

        With the block the comments in it keep their place.
        """
        rows: dict[tuple[Site, str], list[str]] = {}
        for name, field in self._state.items():
            if field.matrix_group_name:
                rows.setdefault((self._site_of(name), field.matrix_group_name), []).append(name)
        for (site, group), names in rows.items():
            wanted = {wished.get(name, {}).get("matrix_group_name") for name in names}
            new = next(iter(wanted))
            if site.is_csv or len(wanted) > 1 or not new:
                continue
            file = self._folder.yaml(site.file)
            blocks = (*site.path, "matrices")
            paths = [(*site.path, "fields", name, "matrix") for name in names]
            if file.has((*blocks, new)) or not all(map(file.is_own, (*paths, (*blocks, group)))):
                continue
            file.rename((*blocks, group), new)
            for name, path in zip(names, paths, strict=True):
                file.set(path, new)
                self._state[name] = with_cells(self._state[name], {"matrix_group_name": new})
                del wished[name]["matrix_group_name"]

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
        if place.is_link:
            give(file, (*place.path[:-1], "choices"), new)
            file.remove(place.path)
            return True
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
            if source is not definition:
                yield CHOICES, _Shared(site.file, (*block, "choices_from"))

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


def _common(texts: Sequence[str | None]) -> str | None:
    """Return the text most users want, None where two are wanted alike often."""
    counted = Counter(texts).most_common(2)
    if len(counted) > 1 and counted[0][1] == counted[1][1]:
        return None
    return counted[0][0]


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
