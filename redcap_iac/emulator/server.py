"""The emulator behind HTTP: Flask for the pages, waitress for the connections."""

from __future__ import annotations

import contextlib
import itertools
import random
import socket
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType
from typing import Any, Self, cast

import flask
import waitress.server
from waitress import wasyncore
from waitress.server import BaseWSGIServer

from redcap_iac.emulator import admin, dispatch, pages, people, registry, rights, spoiling
from redcap_iac.emulator.clock import local_time
from redcap_iac.emulator.dispatch import Reply
from redcap_iac.emulator.errors import ApiFault, not_implemented
from redcap_iac.emulator.faults import Fault, Faults
from redcap_iac.emulator.request import Caller, Clock, Request, Server, Upload
from redcap_iac.emulator.store import Store
from redcap_iac.emulator.switches import Settings

_LARGEST_BODY = 512 * 1024 * 1024
_SUPER_TOKEN_LENGTH = 64


#: What a test wants to hear of each call that writes: phase, content, action, number.
OnCall = Callable[[str, str, str, int], None]


class Emulator:
    """A REDCap server to develop against: started, asked over HTTP, stopped.

    `path` is the database file, None for memory. The super token belongs to the administrator
    `admin`; without one given, that of the database stays, or a new one is made.

    `on_call` is for tests: it is called with `before` and `after`, the content, the action and the
    number of each call that writes, counted from 1 over all projects and whatever comes of it.
    Calls that an ordered fault answers are not carried out and not counted. It runs in the thread
    that answers, outside the transaction, so it may administer or call the emulator itself; what
    it raises becomes an error of the server. It may be set and taken away while the emulator
    serves.
    """

    def __init__(
        self,
        path: Path | None = None,
        settings: Settings | None = None,
        super_token: str | None = None,
        clock: Clock = local_time,
        chance: random.Random | None = None,
        faults: tuple[Fault, ...] = (),
        on_call: OnCall | None = None,
    ) -> None:
        self.on_call = on_call
        self._writes = itertools.count(1)
        self.server = Server(settings or Settings(), clock, chance or random.SystemRandom())
        self.store = Store(path)
        try:
            self.super_token = admin.super_token(self.store, self.server, super_token)
            admin.remember(self.store, self.server.settings)
        except BaseException:
            self.store.close()
            raise
        self.faults = Faults(faults)
        self.url = ""
        self._serving: _Serving | None = None

    def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Serve from a thread of its own; port 0 picks a free one; then `url` is known.

        Raises OSError when the address is taken.
        """
        if self._serving is not None:
            raise RuntimeError("the emulator serves already")
        self._serving = _Serving(_application(self), host, port)
        shown = f"[{host}]" if ":" in host else host
        self.url = f"http://{shown}:{self._serving.port}/api/"

    def stop(self) -> None:
        """Stop serving, if it does, and close the database."""
        if self._serving is not None:
            self._serving.stop()
            self._serving = None
        self.store.close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def answer(self, request: Request) -> Reply:
        """Answer a request without HTTP and without faults."""
        told = self._told(request)
        told("before")
        reply = dispatch.answer(self.store, self.server, request)
        told("after")
        return reply

    def _told(self, request: Request) -> Callable[[str], None]:
        """Count a call that writes and return what tells `on_call` about it."""
        super_token = len(request.text("token")) == _SUPER_TOKEN_LENGTH
        content, action = registry.key_of(request, super_token=super_token)
        if not registry.writes(content, action):
            return lambda _phase: None
        number = next(self._writes)

        def tell(phase: str) -> None:
            if self.on_call is not None:
                self.on_call(phase, content, action, number)

        return tell

    def is_administrator(self, request: Request) -> bool:
        """Tell whether a request comes with the token of an administrator."""
        caller = self._caller(request)
        return caller is not None and caller.administrator

    def roles(self, request: Request) -> frozenset[tuple[int, str]]:
        """Return the roles of the project a request is about: project id and unique name."""
        caller = self._caller(request)
        if caller is None:
            return frozenset()
        with self.store.transaction() as db:
            found = people.roles(db, caller.project_id)
        return frozenset((caller.project_id, role.unique_name) for role in found)

    def _caller(self, request: Request) -> Caller | None:
        try:
            with self.store.transaction() as db:
                return rights.caller_of(db, request.text("token"), self.server.clock().date())
        except ApiFault:
            return None


class _Serving:
    """waitress in a thread that can be ended from another one."""

    def __init__(self, application: flask.Flask, host: str, port: int) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listening = socket.socket(family, socket.SOCK_STREAM)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((host, port))
        except OSError:
            listening.close()
            raise
        self.port = int(listening.getsockname()[1])
        self._connections: dict[int, Any] = {}
        self._web = cast(
            "BaseWSGIServer",
            waitress.server.create_server(
                application,
                map=self._connections,
                sockets=[listening],
                threads=16,
                ident=None,
                max_request_body_size=_LARGEST_BODY,
                # in memory: waitress leaves temporary files, its other way, open
                inbuf_overflow=_LARGEST_BODY,
                outbuf_overflow=_LARGEST_BODY,
                clear_untrusted_proxy_headers=True,
            ),
        )
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="emulator", daemon=True)
        self._thread.start()

    def _loop(self) -> None:
        while not self._ending.is_set():
            wasyncore.loop(timeout=1, map=self._connections, count=1)
        self._web.task_dispatcher.shutdown()
        self._web.close()
        wasyncore.close_all(self._connections, ignore_all=True)

    def stop(self) -> None:
        self._ending.set()
        # the loop may see the event by itself and close the trigger before it is pulled
        with contextlib.suppress(OSError):
            self._web.pull_trigger()
        self._thread.join()


def _application(emulator: Emulator) -> flask.Flask:
    application = flask.Flask(__name__, static_folder=None)
    application.config["MAX_CONTENT_LENGTH"] = _LARGEST_BODY
    # a form field may be as large as the body: `data` holds a whole dictionary or data set
    application.config["MAX_FORM_MEMORY_SIZE"] = _LARGEST_BODY
    application.config["MAX_FORM_PARTS"] = 1_000_000
    # the page without the slash redirects, as real servers do (documented)
    verbs = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]

    @application.route("/", methods=verbs)
    def start_page() -> flask.Response:
        return flask.Response(pages.LOGIN, content_type=pages.HTML)

    @application.route("/api", methods=verbs)
    def without_slash() -> flask.Response:
        moved = {"Location": flask.request.base_url + "/"}
        return flask.Response(pages.MOVED, 301, moved, content_type=pages.HTML)

    @application.route("/api/", methods=verbs, provide_automatic_options=False)
    def api() -> flask.Response:
        if flask.request.method != "POST":
            fault = not_implemented()
            return flask.Response(fault.text, fault.status, content_type=pages.HTML)
        return _call(emulator, _request())

    @application.errorhandler(404)
    def missing(_: Exception) -> flask.Response:
        return flask.Response(pages.NOT_FOUND, 404, content_type=pages.HTML)

    return application


def _request() -> Request:
    pairs = list(flask.request.form.items(multi=True))
    file = flask.request.files.get("file")
    if file is None:
        return Request.from_form(pairs)
    return Request.from_form(pairs, Upload(file.filename or "", file.mimetype, file.read()))


def _call(emulator: Emulator, request: Request) -> flask.Response:
    """Answer one call, with the faults that were ordered for it."""
    super_token = len(request.text("token")) == _SUPER_TOKEN_LENGTH
    content, action = registry.key_of(request, super_token=super_token)
    striking = emulator.faults.striking(content, action, emulator.server.clock())
    reply = spoiling.instead(striking, lambda: emulator.is_administrator(request))
    if reply is None:
        reply = spoiling.spoiled(_reply(emulator, request, striking), striking, request.format)
    # a file's name goes out as UTF-8, as the header itself announces
    kind = reply.content_type.encode().decode("latin-1")
    response = flask.Response(reply.body, reply.status, content_type=kind)
    for fault in striking:
        if fault.name == "redirect":
            response.headers["Location"] = fault.argument
        if fault.name in ("cut-before", "cut-after"):
            _cut()
    return response


def _reply(emulator: Emulator, request: Request, striking: Iterable[Fault]) -> Reply:
    """Answer by the method, while roles are kept stale where that was ordered."""
    stale = emulator.faults.stale_roles
    orders = [int(fault.argument) for fault in striking if fault.name == "stale-roles"]
    before = emulator.roles(request) if orders else frozenset()
    reply = emulator.answer(request)
    for exports in orders:
        stale.hide(emulator.roles(request) - before, exports)
    key = registry.key_of(request, super_token=False)
    if key == ("userRole", "export") and reply.status == 200:
        hidden = stale.hidden(emulator.roles(request))
        return spoiling.without(reply, (name for _, name in hidden))
    return reply


def _cut() -> None:
    """Close the caller's connection; waitress then finds that there is nobody to answer."""
    channel = flask.request.environ["waitress.client_disconnected"].__self__
    channel.socket.shutdown(socket.SHUT_RDWR)
