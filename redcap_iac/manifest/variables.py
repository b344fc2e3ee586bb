"""`${name}` in the texts of a manifest: what it stands for, and where it may stand.

A variable stands in text: values, and the labels of roles, which are keys. It does not stand in
names that other files, fields or rules go by (keys, files, instruments, types), in `environments:`
(no token, no address by a variable), in `variables:` themselves, or in a CSV, which is REDCap's
own file. `$${` is a literal `${`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from redcap_iac.document import Listing, Map, Node, Text
from redcap_iac.findings import Findings, Position
from redcap_iac.suggestions import did_you_mean, in_words

#: How many letters variables may make of a manifest, so that no few of them fill a memory.
MOST_LETTERS = 20_000_000
#: Values by which other parts of the files are found; the list of `instruments` names files too.
_NAMES = frozenset("version dictionary instruments instrument type matrix choices_from".split())  # noqa: SIM905 - reads better
_FIXED = frozenset({"environments", "variables"})
#: Maps whose keys are codes or names of the project's own, and none of the manifest's words.
_OWN_KEYS = frozenset({"choices", "repeat"})
_NAME = re.compile(r"[A-Za-z0-9_.-]+")
_REFERENCE = re.compile(r"(\$?\$)\{(?:([A-Za-z0-9_.-]+)\})?")
_AS_TYPED = "Write `$${` if these two characters are meant."


@dataclass(frozen=True, slots=True)
class Scope:
    """The variables of a manifest by name: of all, and of each environment.

    `environment` is the one whose texts count, "" for none; `asked` is a name that was given and
    is none. `places` are where the names stand.
    """

    top: Mapping[str, str] = field(default_factory=dict)
    own: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    environment: str = ""
    asked: str = ""
    places: tuple[Text, ...] = ()

    @property
    def values(self) -> Mapping[str, str]:
        """Return the texts that count."""
        return self.values_of(self.environment)

    def values_of(self, environment: str) -> Mapping[str, str]:
        """Return the texts that count in an environment."""
        return {**self.top, **self.own.get(environment, {})}


def scope_of(root: Node, wanted: str = "") -> Scope:
    """Return the variables of a `redcap.yaml` as it was typed, its shape not yet checked.

    Without a wanted environment the default counts, then the only one, as for every command.
    """
    if not isinstance(root, Map):
        return Scope()
    section = root.map("environments")
    there = {
        key.text: node for key, node in (section.named() if section is not None else ())
        if isinstance(node, Map)
    }  # fmt: skip
    defaults = [
        name for name, node in there.items()
        if (default := node.text("default")) is not None and default.flag
    ]  # fmt: skip
    fitting = [wanted] if wanted in there else defaults or list(there)
    chosen = fitting[0] if len(fitting) == 1 and (not wanted or wanted in there) else ""
    maps = {name: node.map("variables") for name, node in there.items()}
    typed = [root.map("variables"), *maps.values()]
    return Scope(
        _texts(root.map("variables")),
        {name: _texts(node) for name, node in maps.items()},
        chosen,
        wanted if wanted not in there else "",
        tuple(key for node in typed if node is not None for key, _ in node.named()),
    )


def _texts(node: Map | None) -> dict[str, str]:
    entries = node.named() if node is not None else ()
    return {
        key.text: literal(value.text) for key, value in entries if isinstance(value, Text)
    }  # fmt: skip


def literal(text: str) -> str:
    """Return a text with `$${` as the `${` it stands for."""
    return text.replace("$${", "${")


def escaped(text: str) -> str:
    """Return a text as it is typed where `${` would ask for a variable."""
    return text.replace("${", "$${")


def filled(text: str, values: Mapping[str, str]) -> str:
    """Return a text with the variables that are there; what is unknown stays as typed."""

    def meant(match: re.Match[str]) -> str:
        sign, name = match.groups()
        if sign == "$$":
            return match.group()[1:]
        return values.get(name or "", match.group())

    return _REFERENCE.sub(meant, text) if "${" in text else text


def names_in(text: str) -> Iterator[str]:
    """Yield the names a text asks for, in its order."""
    for match in _REFERENCE.finditer(text) if "${" in text else ():
        sign, name = match.groups()
        if sign == "$" and name:
            yield name


def kept(typed: str, text: str, values: Mapping[str, str]) -> str:
    """Return a new text as it is typed in the place of another, with the variables of that one.

    A variable is kept when it stood there once, and its text stands in the new one once, as words
    of its own, and did so in the old one; what is left is typed literally.
    """
    places: list[tuple[int, int, str]] = []
    asked = list(names_in(typed))
    before = filled(typed, values)
    for name in dict.fromkeys(asked):
        value = values.get(name, "")
        if asked.count(name) != 1 or not value.strip() or before.count(value) != 1:
            continue
        found = _as_words(value, text)
        if text.count(value) == 1 and found is not None:
            places.append((found, found + len(value), name))
    places.sort()
    pieces: list[str] = []
    cursor = 0
    for place, (start, end, name) in enumerate(places):
        beside = [*places[:place], *places[place + 1 :]]
        if any(start < other_end and other < end for other, other_end, _ in beside):
            continue
        pieces += [escaped(text[cursor:start]), f"${{{name}}}"]
        cursor = end
    made = "".join(pieces) + escaped(text[cursor:])
    return made if filled(made, values) == text else escaped(text)


def _as_words(value: str, text: str) -> int | None:
    """Return where a value stands in a text, not as a part of a longer word."""
    left = r"(?<!\w)" if value[0].isalnum() else ""
    right = r"(?!\w)" if value[-1].isalnum() else ""
    found = re.search(left + re.escape(value) + right, text)
    return None if found is None else found.start()


class Expansion:
    """Puts texts in the place of variables, in every file of a manifest; tells what cannot be."""

    def __init__(self, scope: Scope, findings: Findings) -> None:
        self._scope = scope
        self._values = scope.values
        self._findings = findings
        self._used: set[str] = set()
        self._letters = 0

    def root(self, node: Node) -> Node:
        """Return `redcap.yaml` with its variables in place."""
        if not isinstance(node, Map):
            return self.instrument(node)
        return Map(
            tuple(
                (self._key(key, ""), self._literal(value, key.text))
                if key.text in _FIXED
                else (self._key(key, ""), self._node(value, key.text, top=True))
                for key, value in node.entries
            ),
            node.at,
        )

    def instrument(self, node: Node) -> Node:
        """Return a file with an instrument, or with a list of them, likewise."""
        return self._node(node, "instruments" if isinstance(node, Listing) else "")

    def check_names(self) -> None:
        """Tell of variables that no text could, or did, ask for, once all files are read."""
        told: set[str] = set()
        for key in self._scope.places:
            if not _NAME.fullmatch(key.text):
                self._error("M109", f"`{key.text}` cannot be the name of a variable.", key.at,
                            "A name is made of letters A to Z, digits, and `_`, `.`, `-`.")  # fmt: skip
            elif key.text not in self._used | told:
                told.add(key.text)
                self._findings.note(
                    "M114",
                    f"No text asks for the variable {key.text}.",
                    key.at,
                    advice=f"Write ${{{key.text}}} where it is meant; a CSV takes no variables.",
                )

    # walking

    def _node(self, node: Node, key: str, *, top: bool = False, quiet: bool = False) -> Node:
        if isinstance(node, Text):
            return self._text(node, key, quiet=quiet)
        if isinstance(node, Listing):
            items = tuple(self._node(item, key, quiet=quiet) for item in node.items)
            return Listing(items, node.at)
        labels = key if top else ""
        entries = []
        seen: dict[str, Position] = {}
        for name, value in node.entries:
            aside = quiet or name.text.startswith("x-")
            new = self._key(name, labels, quiet=aside)
            first = seen.setdefault(new.text, new.at)
            if first is not new.at:
                self._error(
                    "M104",
                    f"`{new.text}` stands here a second time, once its variable has its text; the"
                    f" first is in line {first.line}.",
                    new.at,
                )
                continue
            below = "" if key in _OWN_KEYS else name.text
            below = "choices" if labels == "choice_lists" else below
            entries.append((new, self._node(value, below, quiet=aside)))
        return Map(tuple(entries), node.at)

    def _literal(self, node: Node, section: str) -> Node:
        """Return a section in which no variable may stand."""
        if isinstance(node, Text):
            return self._fixed(node, f"in `{section}:`")
        if isinstance(node, Listing):
            return Listing(tuple(self._literal(item, section) for item in node.items), node.at)
        where = f"in `{section}:`"
        return Map(
            tuple(
                (self._fixed(key, where), self._literal(value, section))
                for key, value in node.entries
            ),
            node.at,
        )

    def _key(self, key: Text, section: str, *, quiet: bool = False) -> Text:
        if section == "roles":
            return self._text(key, "", quiet=quiet)
        return key if "${" not in key.text else self._fixed(key, "in a key", quiet=quiet)

    def _text(self, node: Text, key: str, *, quiet: bool) -> Text:
        if "${" not in node.text:
            return node
        if key in _NAMES:
            return self._fixed(node, f"in `{key}:`", quiet=quiet)
        self._check(node, quiet=quiet)
        text = filled(node.text, self._values)
        self._letters += len(text)
        if self._letters > MOST_LETTERS:
            self._findings.error("M103", "Variables make this manifest grow beyond all measure.",
                                 node.at)  # fmt: skip
            self._letters = 0
            self._values = dict.fromkeys(self._values, "")
        made = Text(text, node.at, node.plain)
        said_otherwise = made.is_null or made.flag is not None
        return Text(text, node.at, plain=False) if said_otherwise else made

    # telling

    def _check(self, node: Text, *, quiet: bool) -> None:
        """Tell of every variable of a text that is not there."""
        for match in _REFERENCE.finditer(node.text):
            sign, name = match.groups()
            self._used.update((name,) if name and sign == "$" else ())
            if quiet or sign == "$$" or (name or "") in self._values:
                continue
            if name is None:
                self._error("M108", "`${` asks for a variable, and names none.", node.at,
                            f"A variable is written ${{name}}. {_AS_TYPED}")  # fmt: skip
            else:
                self._error("M108", f"There is no variable {name} for `${{{name}}}`.", node.at,
                            self._advice(name))  # fmt: skip

    def _advice(self, name: str) -> str:
        scope = self._scope
        elsewhere = [one for one, texts in scope.own.items() if name in texts]
        near = did_you_mean(name, self._values)
        if scope.asked:
            return f"There is no environment {scope.asked} here whose variables could count."
        if elsewhere and not scope.environment:
            return (
                f"Only {in_words(elsewhere, 'and')} of `environments:` say what it is: name one"
                " with --env, or give it a text under `variables:`."
            )
        if elsewhere:
            return (
                f"The environment {scope.environment} does not say what it is, as"
                f" {in_words(elsewhere, 'and')} {'does' if len(elsewhere) == 1 else 'do'}: give it"
                " a text there, or under `variables:`."
            )
        there = sorted(self._values)
        known = f"There is {in_words(there[:10], 'and')}." if there else "There is none."
        return f"{near or known} It gets its text under `variables:`. {_AS_TYPED}"

    def _fixed(self, node: Text, where: str, *, quiet: bool = False) -> Text:
        """Return text in which a variable is an error."""
        if "${" not in node.text:
            return node
        if not quiet and any(sign == "$" for sign, _ in _REFERENCE.findall(node.text)):
            self._error("M109", f"A variable cannot stand {where}.", node.at,
                        f"It stands in texts. {_AS_TYPED}")  # fmt: skip
        return Text(literal(node.text), node.at, node.plain)

    def _error(self, code: str, message: str, at: Position, advice: str = "") -> None:
        self._findings.error(code, message, at, advice=advice)
