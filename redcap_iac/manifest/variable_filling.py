"""Where variables stand in a manifest: `${name}` becomes its text, or an error says why not.

A variable stands in text: values, and the labels of roles, which are keys. It does not stand in
names that other files, fields or rules go by (keys, files, instruments, types), in `environments:`
(no token, no address by a variable), in `variables:` themselves, or in a CSV, which is REDCap's
own file.
"""

from __future__ import annotations

from redcap_iac.document import Listing, Map, Node, Text
from redcap_iac.findings import Findings, Position
from redcap_iac.manifest.variables import NAME, REFERENCE, Scope, filled, literal
from redcap_iac.suggestions import did_you_mean, in_words

#: How many letters variables may make of a manifest, so that no few of them fill a memory.
MOST_LETTERS = 20_000_000
#: Values by which other parts of the files are found; the list of `instruments` names files too.
_NAMES = frozenset(
    ("version", "dictionary", "instruments", "instrument", "type", "matrix", "choices_from")
)
_FIXED = frozenset({"environments", "variables"})
#: Maps whose keys are codes or names of the project's own, and none of the manifest's words.
_OWN_KEYS = frozenset({"choices", "repeat"})
_AS_TYPED = "Write `$${` if these two characters are meant."


class Expansion:
    """Puts texts in the place of variables, in every file of a manifest; tells what cannot be."""

    def __init__(self, scope: Scope, findings: Findings) -> None:
        self._scope = scope
        self._values = scope.values
        self._findings = findings
        self._used: set[str] = set()
        self._letters = 0
        #: A name could not be read; what refers to it cannot be judged.
        self.incomplete = False
        #: Places of which something is told here; there is nothing more to say about them.
        self.doubtful: set[Position] = set()

    def root(self, node: Node) -> Node:
        """Return `redcap.yaml` with its variables in place."""
        if not isinstance(node, Map):
            return self.instrument(node)
        return Map(
            tuple(
                (self._key(key, ""), self._literal(value, key.text))
                if key.text in _FIXED
                else (self._key(key, "", quiet=_is_aside(key)), self._section(key, value))
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
            if not NAME.fullmatch(key.text):
                self._error(
                    "M109",
                    f"`{key.text}` cannot be the name of a variable.",
                    key.at,
                    "A name is made of letters A to Z, digits, and `_`, `.`, `-`.",
                )
            elif key.text not in self._used | told:
                told.add(key.text)
                self._findings.note(
                    "M114",
                    f"No text asks for the variable {key.text}.",
                    key.at,
                    advice=f"Write ${{{key.text}}} where it is meant; a CSV takes no variables.",
                )

    # walking

    def _section(self, key: Text, value: Node) -> Node:
        return self._node(value, key.text, top=True, quiet=_is_aside(key))

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
            aside = quiet or _is_aside(name)
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
        for match in REFERENCE.finditer(node.text):
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
        if not quiet and any(sign == "$" for sign, _ in REFERENCE.findall(node.text)):
            self.incomplete = True
            self._error("M109", f"A variable cannot stand {where}.", node.at,
                        f"It stands in texts. {_AS_TYPED}")  # fmt: skip
        return Text(literal(node.text), node.at, node.plain)

    def _error(self, code: str, message: str, at: Position, advice: str = "") -> None:
        self.doubtful.add(at)
        self._findings.error(code, message, at, advice=advice)


def _is_aside(key: Text) -> bool:
    """Tell whether what stands below a key is of no meaning here."""
    return key.text.startswith("x-")
