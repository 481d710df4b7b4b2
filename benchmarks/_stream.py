"""One browser's half of Streamlit's conversation, without the browser.

Speaks the protocol of the installed Streamlit over ``/_stcore/stream`` as its own front end does (seen on 1.67, and
compared with what Chromium sends): every rerun carries the state of all widgets, the hashes of the messages kept from
earlier runs, and, when the widget that moved lives in a fragment, that fragment's id. Messages arrive uncompressed
(``server.enableWebsocketCompression`` is off by default) and large repeated ones as a reference to a kept hash.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from _common import BenchmarkError
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.NumberInput_pb2 import NumberInput
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException
from websockets.typing import Subprotocol

RUN_TIMEOUT = 60.0
FINISHED = {ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY}


@dataclass(frozen=True)
class Run:
    """A finished script run: when its last message came, how many elements it sent, and which (their hashes)."""

    finished: float
    deltas: int
    hashes: frozenset[str]
    fragment: bool


@dataclass
class Widget:
    """A widget on the page: its protobuf, its kind (``slider``, ...), its fragment ("" outside) and current state."""

    proto: Any
    kind: str
    fragment_id: str
    state: WidgetState


@dataclass
class _Kept:
    """A message the browser keeps, so that the server may send its hash instead."""

    run: int
    fragment_id: str


def _chosen(proto: Any) -> str | None:
    return str(proto.options[proto.default]) if proto.HasField("default") and proto.options else None


def _slider(proto: Any) -> tuple[str, Any]:
    if proto.options:
        return "string_array_value", [proto.options[int(index)] for index in proto.default]
    return "double_array_value", proto.default


def _number(proto: Any) -> tuple[str, Any]:
    if not proto.HasField("default"):
        return "double_value", None
    return ("int_value", int(proto.default)) if proto.data_type == NumberInput.INT else ("double_value", proto.default)


# What the front end sends for a widget nobody touched: a field of WidgetState and its value (None: nothing to send).
_INITIAL: dict[str, Callable[[Any], tuple[str, Any]]] = {
    "slider": _slider,
    "checkbox": lambda p: ("bool_value", p.default),
    "text_input": lambda p: ("string_value", p.default if p.HasField("default") else None),
    "text_area": lambda p: ("string_value", p.default if p.HasField("default") else None),
    "color_picker": lambda p: ("string_value", p.default),
    "selectbox": lambda p: ("string_value", _chosen(p)),
    "radio": lambda p: ("string_value", _chosen(p)),
    "multiselect": lambda p: ("string_array_value", [p.options[i] for i in p.default]),
    "button_group": lambda p: ("string_array_value", [p.options[i].content for i in p.default]),
    "number_input": _number,
    "bidi_component": lambda p: ("json_value", None),  # has no state before its JavaScript sets one
}


def set_state(state: Any, field: str, value: Any) -> None:
    """Put `value` into the named field of a `WidgetState`; None empties it."""
    state.ClearField(field)
    if value is None:
        return
    if field.endswith("_array_value"):
        getattr(state, field).SetInParent()
        getattr(state, field).data.extend(value)
    else:
        setattr(state, field, value)


class Session:
    """One visitor: connect, then `rerun` as often as wanted, one run at a time.

    Raises `BenchmarkError` when a run shows an exception, fails to compile, does not finish, or the server hangs up.
    """

    def __init__(self, port: int, page: str = "", cookie: str = "", again: str = "") -> None:
        self.id = again  # the server's name for this visit: with an earlier one's, its browser is back
        self.widgets: dict[str, Widget] = {}
        self.buttons: dict[str, str] = {}  # label -> id
        self.said: dict[str, str] = {}  # label of a metric -> its value; "progress" -> its text
        self.alerts: list[str] = []  # what the last run warned of
        self.fragments: list[str] = []  # those that run again by themselves
        self._port = port
        self._page, _, self._query = page.partition("?")
        self._headers = {"Cookie": cookie} if cookie else {}
        self._page_hash = ""
        self._kept: dict[str, _Kept] = {}
        self._max_age = 2
        self._runs = 0

    async def __aenter__(self) -> Session:
        """Open the connection; no script runs yet."""
        uri = f"ws://localhost:{self._port}/_stcore/stream"
        offered = ["streamlit", *(["no-token", self.id] if self.id else [])]
        self._socket: ClientConnection = await connect(
            uri,
            subprotocols=[Subprotocol(name) for name in offered],
            additional_headers=self._headers,
            max_size=None,
            proxy=None,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None:
        """Hang up."""
        await self._socket.close()

    async def press(self, label: str) -> Run:
        """Press a button of the page, by the end of its label, and wait until the run is done."""
        found = next((key for name, key in self.buttons.items() if name.endswith(label)), None)
        if found is None:
            raise BenchmarkError(f"no button {label!r} on this page; it has: {', '.join(self.buttons) or 'none'}")
        return await self.rerun(pressed=found)

    async def tell(self, component: Widget, value: Any, event: str = "said") -> Run:
        """Let a component say something, as its JavaScript does with ``setTriggerValue``, and wait for the run."""
        said = WidgetState(id=f"$$STREAMLIT_INTERNAL_KEY_{component.proto.id}__events")
        said.json_trigger_value = json.dumps({"event": event, "value": value})
        return await self.rerun(component.fragment_id, said=said)

    async def rerun(self, fragment_id: str = "", *, pressed: str = "", said: WidgetState | None = None) -> Run:
        """Ask for a run (of one fragment, or of the page) with the present widget states and wait until it is done."""
        message = BackMsg()
        ask = message.rerun_script
        if pressed:
            ask.widget_states.widgets.add(id=pressed, trigger_value=True)
        if said is not None:
            ask.widget_states.widgets.append(said)
        ask.widget_states.widgets.extend(w.state for w in self.widgets.values() if w.state.WhichOneof("value"))
        ask.page_script_hash = self._page_hash
        ask.query_string = self._query
        ask.page_name = "" if self._page_hash else self._page
        ask.fragment_id = fragment_id
        ask.cached_message_hashes.extend(self._kept)
        ask.context_info.timezone, ask.context_info.locale = "UTC", "en-US"
        ask.context_info.url = f"http://localhost:{self._port}/{self._page}"
        ask.context_info.color_scheme = "light"
        try:
            await self._socket.send(message.SerializeToString())
            return await asyncio.wait_for(self._until_finished(), RUN_TIMEOUT)
        except TimeoutError as error:
            raise BenchmarkError(f"a script run was not finished after {RUN_TIMEOUT:.0f} s") from error
        except WebSocketException as error:
            raise BenchmarkError(f"the server closed a session: {error}") from error

    async def _until_finished(self) -> Run:
        deltas, hashes, run_id = 0, set(), ""
        self.alerts = []
        while True:
            message = ForwardMsg.FromString(await self._socket.recv(decode=False))
            kind = message.WhichOneof("type")
            if kind == "new_session":
                run_id = message.metadata.run.script_run_id
                self.id = message.new_session.initialize.session_id
                if not message.metadata.run.fragment_ids:
                    self.fragments, self.said, self.buttons = [], {}, {}
                self._page_hash = message.new_session.page_script_hash
                self._max_age = message.new_session.config.max_cached_message_age
            elif kind == "navigation":
                self._page_hash = message.navigation.page_script_hash
            elif kind in ("delta", "ref_hash"):
                deltas += 1
                hashes.add(self._take(message))
            elif kind == "script_finished" and message.metadata.run.script_run_id == run_id:
                if message.script_finished in FINISHED:
                    now = time.perf_counter()
                    self._age(list(message.metadata.run.fragment_ids))
                    return Run(now, deltas, frozenset(hashes), bool(message.metadata.run.fragment_ids))
                if message.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
                    raise BenchmarkError("the script does not compile")
            elif kind == "page_info_changed":
                self._query = message.page_info_changed.query_string
            elif kind == "auto_rerun" and message.auto_rerun.fragment_id not in self.fragments:
                self.fragments.append(message.auto_rerun.fragment_id)
            elif kind == "page_not_found":
                raise BenchmarkError(f"the app has no page {self._page!r}")

    def _take(self, message: ForwardMsg) -> str:
        """Note an element; return its hash."""
        if message.WhichOneof("type") == "ref_hash":
            if message.ref_hash not in self._kept:
                raise BenchmarkError("the server referred to a message this session does not have")
            self._kept[message.ref_hash].run = self._runs
            return message.ref_hash
        delta = message.delta
        if message.metadata.cacheable:
            self._kept.setdefault(message.hash, _Kept(self._runs, delta.fragment_id)).run = self._runs
        if delta.WhichOneof("type") == "new_element":
            kind = delta.new_element.WhichOneof("type")
            if kind == "exception":
                shown = delta.new_element.exception
                raise BenchmarkError(f"the page shows an exception: {shown.type}: {shown.message}")
            if kind in _INITIAL:
                self._note_widget(delta, kind)
            elif kind == "button":
                self.buttons[delta.new_element.button.label] = delta.new_element.button.id
            elif kind == "alert":
                self.alerts.append(delta.new_element.alert.body)
            elif kind == "metric":
                self.said[delta.new_element.metric.label] = delta.new_element.metric.body
            elif kind == "progress":
                self.said["progress"] = delta.new_element.progress.text
        return message.hash

    def _note_widget(self, delta: Delta, kind: str) -> None:
        proto = getattr(delta.new_element, kind)
        known = self.widgets.get(proto.id)
        if known is None:
            state = WidgetState(id=proto.id)
            if not getattr(proto, "set_value", False):  # the server keeps a value it set itself
                set_state(state, *_INITIAL[kind](proto))
            self.widgets[proto.id] = Widget(proto, kind, delta.fragment_id, state)
        else:
            known.proto, known.fragment_id = proto, delta.fragment_id

    def _age(self, fragment_ids: list[str]) -> None:
        """Forget kept messages not used for `_max_age` runs, as the front end does; a fragment ages its own."""
        self._runs += 1
        for key, kept in list(self._kept.items()):
            if fragment_ids and kept.fragment_id not in fragment_ids:
                continue
            if self._runs - kept.run > self._max_age:
                del self._kept[key]
