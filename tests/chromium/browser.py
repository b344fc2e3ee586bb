"""A browser without a window, called by its command line: what it makes of a page."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import zlib
from dataclasses import dataclass
from pathlib import Path

import pytest

PROGRAM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
needs_chromium = pytest.mark.skipif(PROGRAM is None, reason="there is no chromium on this machine")
_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')
_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Browser:
    """One browser; `folder` is where its profile and the pages lie."""

    folder: Path

    def dom(self, page: str, *options: str, place: str = "", width: int = 1280) -> str:
        """Return the page as it stands after its script ran; what it complains of is an error."""
        done = self._run(page, place, width, "--dump-dom", "--virtual-time-budget=2000", *options)
        assert "CONSOLE" not in done.stderr, done.stderr
        return done.stdout

    def complaints(self, page: str) -> list[str]:
        """Return what the page's console tells."""
        lines = self._run(page, "", 1280, "--dump-dom").stderr.splitlines()
        return [line for line in lines if "CONSOLE" in line]

    def asked(self, page: str, script: str, place: str = "", width: int = 1280) -> object:
        """Return what a function's body returns when it runs on the page, which lets it."""
        code = (
            "setTimeout(async () => { const said = JSON.stringify(await (async () => {"
            f"{script}"
            "})()); document.body.textContent = 'said:' + said + ':end'; }, 50);"
        )
        free = _POLICY.sub("", page).replace("</body>", f"<script>{code}</script></body>")
        answer = re.search(r"said:(.*):end", self.dom(free, place=place, width=width), re.DOTALL)
        assert answer is not None
        return json.loads(answer[1].replace("&gt;", ">").replace("&lt;", "<").replace("&amp;", "&"))

    def corner(self, page: str, *options: str) -> str:
        """Return the colour of the page's first pixel, as `#14181d`."""
        picture = self.folder / "page.png"
        self._run(page, "", 400, f"--screenshot={picture}", *options)
        data, at, packed = picture.read_bytes(), 8, b""
        while at < len(data):
            length = int.from_bytes(data[at : at + 4], "big")
            if data[at + 4 : at + 8] == b"IDAT":
                packed += data[at + 8 : at + 8 + length]
            at += length + 12
        # before the first pixel of a PNG stands one byte, and nothing to differ from
        return f"#{zlib.decompress(packed)[1:4].hex()}"

    def _run(
        self, page: str, place: str, width: int, *options: str
    ) -> subprocess.CompletedProcess[str]:
        assert PROGRAM is not None
        file = self.folder / "page.html"
        file.write_text(page, encoding="utf-8")
        command = [
            PROGRAM, "--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr",
            "--disable-dev-shm-usage", f"--user-data-dir={self.folder / 'profile'}",
            f"--window-size={width},900", *options, f"{file.as_uri()}{place}",
        ]  # fmt: skip
        return subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=True)
