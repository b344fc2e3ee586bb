"""Surgery on one YAML file: a change splices the letters it is about, all others stay.

Every change is also made on the plain values of the document; `data()` reads the new text and
compares, so that what could not be said in place is an error and never another document.
"""

from __future__ import annotations

from collections.abc import Sequence

from redcap_iac.errors import EditError
from redcap_iac.manifest.editing import block_parts, flow_parts, lifting
from redcap_iac.manifest.editing.extents import extent, line_end, line_start
from redcap_iac.manifest.editing.fitting import fit
from redcap_iac.manifest.editing.lifting import Lifted
from redcap_iac.manifest.editing.mirror import as_data, same
from redcap_iac.manifest.editing.placed import PlacedText, own_part
from redcap_iac.manifest.editing.source import Splice
from redcap_iac.manifest.editing.spans import Alias, Collection, Node
from redcap_iac.manifest.editing.spelling import LIMIT, Style, spell_key
from redcap_iac.manifest.editing.styles import style_of

Path = tuple[str | int, ...]


class YamlText(PlacedText):
    """A YAML file to be changed in place, by paths of keys and list places.

    Raises EditError when the file cannot be read, and from every change that cannot be made;
    the object is of no use after that. With `shared` a change to what aliases share is meant.
    """

    # changing

    def set(self, path: Path, value: object) -> None:
        """Give a place a value; a key that is absent comes last in its map.

        What is equal already stays as it is written, so maps and lists keep their comments.
        """
        value = as_data(value)
        if self.has(path) and same(self._mirror.get(path), value):
            return
        if not path:
            fit(self, path, value)
            return
        parent = self._collection(path[:-1], insert=True)
        own = own_part(parent, path[-1])
        if own is None:
            if not parent.is_map:
                raise EditError(f"{self._said(path)} is not there.")
            last = parent.parts[-1].name if parent.parts else None
            self._mirror.drop_inherited(path)
            self._insert(path[:-1], str(path[-1]), value, after=last)
        elif isinstance(own.value, Alias) and not self._shared:
            self.replace(path, value)  # what it named stays as it is for the others
        else:
            fit(self, path, value)

    def insert(self, path: Path, key: str, value: object, *, after: str | None) -> None:
        """Put a new key into the map at a path, behind another key or first."""
        if self.has((*path, key)):
            raise EditError(f"{self._said((*path, key))} is there already.")
        self._insert(path, key, as_data(value), after=after)

    def insert_item(self, path: Path, index: int, value: object) -> None:
        """Put a new item into the list at a path, before the item of this number or last."""
        parent = self._collection(path, insert=True)
        if parent.is_map and parent.parts:
            raise EditError(f"{self._said(path)} is a map, not a list.")
        if not 0 <= index <= len(parent.parts):
            raise EditError(f"{self._said(path)} has no item {index}.")
        data = as_data(value)
        self._mirror.insert_item(path, index, data)
        self._add(path, parent, None, data, index)

    def remove(self, path: Path) -> None:
        """Take a key or an item out, with the comments that belong to it."""
        parent, index = self._placed(path)
        self._sharing().check_going(parent.parts[index])
        self._mirror.remove(path)
        if parent.flow:
            self._note(path[:-1], flow_parts.removed(self._source.text, parent, index))
        else:
            self._note(path[:-1], block_parts.removed(self._source.text, parent, index))

    def rename(self, path: Path, key: str) -> None:
        """Give a key another name where it stands."""
        parent, index = self._placed(path)
        if self.has((*path[:-1], key)):
            raise EditError(f"{self._said((*path[:-1], key))} is there already.")
        part = parent.parts[index]
        if part.key is None:
            raise EditError(f"{self._said(path)} has no name.")
        self._mirror.rename(path, key)
        text = spell_key(self._typed(part.key, key), part.key.style)
        self._note(path[:-1], [Splice(part.key.body, part.key.end, text)])

    def move(self, path: Path, *, after: str | None) -> None:
        """Put a key behind another one of its map, or first, with its comments."""
        parent, index = self._placed(path)
        names = [part.name for part in parent.parts]
        if after is not None and after not in names:
            raise EditError(f"{self._said((*path[:-1], after))} is not there.")
        if after == path[-1]:
            return
        self._mirror.move(path, after)
        goal = 0 if after is None else names.index(after) + 1
        self._shift(path[:-1], parent, index, goal)

    def move_item(self, path: Path, index: int) -> None:
        """Put an item of a list to another number, with its comments."""
        parent, there = self._placed(path)
        if not 0 <= index < len(parent.parts):
            raise EditError(f"{self._said(path[:-1])} has no item {index}.")
        self._mirror.move_item(path, index)
        self._shift(path[:-1], parent, there, index if index <= there else index + 1)

    # setting a value

    def replace(self, path: Path, value: object) -> None:
        """Write a value over another one, whole; `set` keeps what is equal."""
        self._settle(path)
        parent = self._collection(path[:-1]) if path else None
        node = self._root if parent is None else self._part_of(path, parent).value
        if not isinstance(node, Alias):
            self._sharing().check_changed(node, inside=True)
        self._mirror.replace(path, value)
        if isinstance(value, str):
            value = self._typed(node, value)
        text = self._source.text
        near = node if isinstance(node, Collection) or not isinstance(value, dict | list) else None
        style = style_of(text, parent, near)
        if parent is not None and parent.flow:
            self._flowing(path[:-1], flow_parts.replaced(text, node, value, style))
            return
        part = self._part_of(path, parent) if parent is not None else None
        self._note(path[:-1] or path, block_parts.replaced(text, parent, part, node, value, style))

    # inserting

    def _insert(self, path: Path, key: str, value: object, *, after: str | None) -> None:
        parent = self._collection(path, insert=True)
        if not parent.is_map and parent.parts:
            raise EditError(f"{self._said(path)} is a list, not a map.")
        names = [part.name for part in parent.parts]
        if after is not None and after not in names:
            raise EditError(f"{self._said((*path, after))} is not there.")
        index = 0 if after is None else len(names) - names[::-1].index(after)
        self._mirror.insert(path, key, value, after)
        self._add(path, parent, key, value, index)

    def _add(
        self, path: Path, parent: Collection, key: str | None, value: object, index: int
    ) -> None:
        """Write a new part into a map (with a key) or a list."""
        text = self._source.text
        if not parent.parts:
            whole: object = [value] if key is None else {key: value}
            self._fill(path, parent, whole)
            return
        style = style_of(text, parent)
        if parent.flow:
            splices = flow_parts.inserted(text, parent, key, value, index, style)
            self._flowing(path, splices)
            return
        self._note(path, block_parts.inserted(text, parent, key, value, index, style))

    def _fill(self, path: Path, node: Collection, value: object) -> None:
        """Write the first part into what is empty."""
        text = self._source.text
        owner = self._collection(path[:-1]) if path else None
        style = style_of(text, owner, node)
        if owner is not None and owner.flow:
            self._flowing(path[:-1], flow_parts.replaced(text, node, value, style))
            return
        part = self._part_of(path, owner) if owner is not None else None
        splices = block_parts.replaced(text, owner, part, node, value, style)
        self._note(path[:-1] or path, splices)

    def _flowing(self, path: Path, splices: Sequence[Splice]) -> None:
        """Change a flow map or list; where its line becomes too long it is written as a block."""
        self._note(path, splices)
        outer = self._outermost_flow(path)
        if outer is None or not self._is_too_long(outer, splices):
            return
        self._settle(())
        unfolded = self._node(outer)
        if isinstance(unfolded, Collection) and unfolded.is_map and outer:
            self._unfold_long(outer)
            for part in list(unfolded.parts):
                self._unfold_long((*outer, part.name))

    def _unfold_long(self, path: Path) -> None:
        """Unfold a map in braces that is still too long on a line of its own."""
        node = self._node(path)
        text = self._source.text
        if not (isinstance(node, Collection) and node.flow and node.is_map and node.parts):
            return
        if line_end(text, node.end) - line_start(text, node.start) <= LIMIT:
            return
        column, item = self._column_of(path), isinstance(path[-1], int)
        found = flow_parts.unfolded(text, node, column, self._style(path), item=item)
        if found is not None:
            self._note((), found)
            self._settle(())

    def _style(self, path: Path) -> Style:
        return style_of(self._source.text, self._collection(path[:-1]))

    def _outermost_flow(self, path: Path) -> Path | None:
        node: Node = self._root
        for length, step in enumerate(path):
            if isinstance(node, Collection) and node.flow:
                return path[:length]
            part = own_part(node, step)
            if part is None:
                return None
            node = part.value
        return path if isinstance(node, Collection) and node.flow else None

    def _is_too_long(self, path: Path, splices: Sequence[Splice]) -> bool:
        node, text = self._node(path), self._source.text
        if "\n" in text[node.start : node.end]:
            return False
        grown = sum(len(one.text) - (one.end - one.start) for one in splices)
        width = node.end - line_start(text, node.start)
        return grown > 0 and width + grown > LIMIT

    def _column_of(self, path: Path) -> int:
        parent = self._collection(path[:-1])
        part = self._part_of(path, parent)
        return extent(self._source.text, parent, parent.parts.index(part)).column

    # moving

    def lifted(self, path: Path) -> Lifted | None:
        """Return a key with its value and comments as lines, to be put in elsewhere.

        None where it has no lines of its own, or an anchor ties it to this file.
        """
        self._settle(())
        parent, index = self._placed(path)
        return lifting.lifted(self._source.text, parent, index, self._mirror.get(path))

    def put(self, path: Path, key: str, entry: Lifted, *, after: str | None) -> None:
        """Put lifted lines into the map at a path; in braces the value alone comes in."""
        self._settle(())
        parent = self._collection(path, insert=True)
        owner = self._collection(path[:-1]) if path else None
        shut = owner.flow if owner is not None and not parent.parts else parent.flow
        if shut or owner is None:
            self.insert(path, key, entry.value, after=after)
            return
        names = [part.name for part in parent.parts]
        index = 0 if after is None else names.index(after) + 1
        self._mirror.insert(path, key, as_data(entry.value), after)
        text = self._source.text
        if parent.parts:
            column = extent(text, parent, 0).column
            splices = block_parts.put(text, parent, index, lifting.put(entry, column))
        else:
            column = self._column_of(path) + self._style(path).step
            splices = lifting.into_empty(text, parent, entry, column)
        self._note(path[:-1], splices)

    def _shift(self, path: Path, parent: Collection, index: int, goal: int) -> None:
        if goal in (index, index + 1):
            return
        if parent.flow:
            self._note(path, flow_parts.moved(self._source.text, parent, index, goal))
            return
        self._note(path, block_parts.moved(self._source.text, parent, index, goal))
