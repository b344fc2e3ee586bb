"""Random YAML documents, in every style people write, and random operations on them."""

from __future__ import annotations

from hypothesis import strategies as st

from redcap_iac.manifest.quoting import double_quoted, scalar

KEYS = ("a", "b", "c d", "01", "x-k", "label")
TEXTS = ("one", "two words", "it's", "3", "01", "a: b", "", "x\ny", "# no", "ü", "true", "$${v}")
DRAFTS = st.recursive(
    st.sampled_from(TEXTS) | st.booleans() | st.none() | st.integers(0, 9),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=3)
    ),
    max_leaves=5,
)


class Writer:
    """Writes one document; every comment has a number of its own."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.count = 0
        self.step = draw(st.sampled_from((1, 2, 2, 4)))

    def document(self) -> str:
        kind = self.draw(st.sampled_from(("block", "block", "block", "flow")))
        head = self.draw(st.sampled_from(("", "", "---\n", "# top\n\n", "%YAML 1.2\n---\n")))
        tail = self.draw(st.sampled_from(("", "", "\n", "# end\n", "...\n")))
        if kind == "flow":
            return f"{head}{self.flow(2, is_map=True)}\n{tail}"
        return f"{head}{''.join(self.block(0, 3, is_map=True))}{tail}"

    def comment(self) -> str:
        self.count += 1
        return f"# note {self.count}"

    def chance(self, of: int) -> bool:
        return self.draw(st.integers(1, of)) == 1

    def text(self) -> str:
        text = self.draw(st.sampled_from(TEXTS))
        style = self.draw(st.sampled_from(("plain", "double", "single")))
        if style == "plain":
            return scalar(text) if text not in ("true", "") else text
        if style == "single" and "\n" not in text:
            return "'" + text.replace("'", "''") + "'"
        return double_quoted(text)

    def key(self, key: str) -> str:
        style = self.draw(st.sampled_from(("plain", "plain", "plain", "double", "single")))
        return {"plain": key, "double": f'"{key}"', "single": f"'{key}'"}[style]

    def names(self) -> list[str]:
        return self.draw(st.lists(st.sampled_from(KEYS), min_size=1, max_size=4, unique=True))

    def flow(self, depth: int, *, is_map: bool) -> str:
        if is_map:
            parts = [f"{self.key(name)}: {self.flow_value(depth)}" for name in self.names()]
        else:
            parts = [self.flow_value(depth) for _ in range(self.draw(st.integers(1, 3)))]
        comma = "," if self.chance(5) else ""
        opening, closing = "{}" if is_map else "[]"
        return f"{opening}{', '.join(parts)}{comma}{closing}"

    def flow_value(self, depth: int) -> str:
        if depth and self.chance(3):
            return self.flow(depth - 1, is_map=self.draw(st.booleans()))
        return self.text() or "''"

    def above(self, indent: str) -> list[str]:
        lines = []
        if self.chance(6):
            lines.append("\n")
        if self.chance(5):
            lines.append(f"{indent}{self.comment()}\n")
            if self.chance(3):
                lines.append("\n")
        return lines

    def block(self, column: int, depth: int, *, is_map: bool) -> list[str]:
        indent = " " * column
        lines: list[str] = []
        if is_map:
            for name in self.names():
                lines += self.above(indent)
                if self.chance(12):
                    lines.append(f"{indent}? {self.key(name)}\n")
                    lines += self.value(f"{indent}:", column, depth)
                else:
                    lines += self.value(f"{indent}{self.key(name)}:", column, depth)
        else:
            for _ in range(self.draw(st.integers(1, 3))):
                lines += self.above(indent)
                lines += self.item(column, depth)
        if self.chance(6):
            lines.append(f"{indent}{self.comment()}\n")
        return lines

    def item(self, column: int, depth: int) -> list[str]:
        if depth and self.chance(3):
            lines = self.block(column + 2, depth - 1, is_map=self.draw(st.booleans()))
            if lines[0].strip() and not lines[0].strip().startswith("#"):
                lines[0] = f"{' ' * column}- {lines[0].lstrip(' ')}"
                return lines
            return [f"{' ' * column}-\n", *lines]
        return self.value(" " * column + "-", column, depth)

    def value(self, lead: str, column: int, depth: int) -> list[str]:
        comment = f"  {self.comment()}" if self.chance(5) else ""
        kind = self.draw(st.sampled_from(("text", "text", "flow", "block", "literal", "folded")))
        if kind == "text" or not depth:
            text = self.text()
            return [f"{lead} {text}".rstrip(" ") + f"{comment}\n"]
        if kind == "flow":
            return [f"{lead} {self.flow(1, is_map=self.draw(st.booleans()))}{comment}\n"]
        indent = " " * (column + self.step)
        if kind == "literal":
            header = self.draw(st.sampled_from(("|", "|-", "|+", ">", ">-")))
            body = [f"{indent}some\n", "\n", f"{indent}  # text\n"]
            return [f"{lead} {header}{comment}\n", *body]
        if kind == "folded":
            return [f"{lead} more than\n", f"{indent}one line{comment}\n"]
        inner = self.block(column + self.step, depth - 1, is_map=self.draw(st.booleans()))
        return [f"{lead}{comment}\n", *inner]


@st.composite
def documents(draw: st.DrawFn) -> str:
    return Writer(draw).document()
