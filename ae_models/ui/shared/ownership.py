"""Whose things are: the line that says so, the word on a card, the link with which a maker is known again."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import streamlit as st

from ae_models.base import UserError, whose
from ae_models.base.trash import Deleted
from ae_models.ui import server_owner, state
from ae_models.ui.serving import base
from ae_models.ui.shared.markdown import escape_markdown
from ae_models.ui.visitor import visitor

_SECRET, _SAID = "recovery-secret", "recovery-said"
_CLAIM = "claim"


def line() -> str:
    """Return in a sentence who may change what is made here."""
    if visitor().may_change_all:
        return "Everything that was made here is yours to change."
    return (
        "Others can look at what you make, use and copy it; only you and the server’s owner can change it. "
        "This browser’s cookie is how you are known."
    )


def is_mine(owner: str) -> bool:
    """Say whether this visitor may change what somebody made."""
    return visitor().may_change(owner)


def deleted(found: Iterable[Deleted]) -> list[tuple[str, Deleted]]:
    """Return what this visitor may take back of what was deleted, newest first, each with a name no other has."""
    shown: dict[str, Deleted] = {}
    for gone in found:
        if is_mine(gone.owner):
            shown[gone.entry if gone.id in shown else gone.id] = gone
    return list(shown.items())


def whose_line(owner: str) -> None:
    """Say whose a thing is, where this visitor may not change it."""
    if not is_mine(owner):
        st.caption(f"It is {whose(owner)}: you can use it, not change it.")


def sign_in_link() -> None:
    """Lead the server's owner to the page where the token is typed, where there is one."""
    if server_owner.has_token():
        st.markdown(f":gray[[Server’s owner](./{server_owner.ADDRESS})]")  # a proxy may strip a prefix


def recovery_button(name: str, owner: str, given: bool, make: Callable[[], str], page: str) -> None:
    """Draw the button with which a maker gets a link to a thing of theirs, for another browser.

    Parameters
    ----------
    name : str
        The model's id or the data set's name.
    owner : str
        Whose it is; only the maker gets a link.
    given : bool
        Whether there is a link that was not used yet.
    make : callable
        Returns a new secret; an earlier one is void then.
    page : str
        The page's address that takes the link.
    """
    asking = visitor()
    if not asking.id or asking.id != owner:
        return
    again = " The link that you have is void then." if given else ""
    st.button(
        "",
        key=f"recovery-{name}",
        icon=":material/key:",
        type="tertiary",
        on_click=_make,
        args=(name, make, page),
        help="Get a link with which it stays yours in another browser, or when this one forgets you." + again,
    )


def _make(name: str, make: Callable[[], str], page: str) -> None:
    try:
        state.put(_SECRET, (f"/{page}?of={name}&{_CLAIM}={make()}", name))
    except UserError as mistake:
        state.put(_SAID, str(mistake))


def recovery(known: Callable[[str], str], take_over: Callable[[str, str], str]) -> None:
    """Show a link that was just made, once; where a link was followed, ask before the thing changes hands.

    Parameters
    ----------
    known : callable
        Returns the title of the thing of a name; ``UserError`` where there is none.
    take_over : callable
        Makes this visitor the owner of a thing by its secret; returns its title.
    """
    made = state.get(_SECRET)
    if isinstance(made, tuple):
        state.put(_SECRET, None)
        _show(f"{_root(made[0].partition('?')[0])}{made[0]}")
    said = state.get(_SAID)
    if said:
        st.error(escape_markdown(str(said)), icon=":material/error:")
        state.put(_SAID, "")
    name, secret = state.parameter("of"), state.parameter(_CLAIM)
    if name and secret:
        _ask(name, secret, known, take_over)


def _ask(name: str, secret: str, known: Callable[[str], str], take_over: Callable[[str, str], str]) -> None:
    """Ask first: whatever looks at a link, to show what it leads to, must not spend it."""
    try:
        title = known(name)
    except UserError as mistake:
        st.error(escape_markdown(str(mistake)), icon=":material/error:")
        return
    with st.container(border=True, key="recovery-ask"):
        st.markdown(
            f"**Make “{escape_markdown(title)}” yours in this browser?**  \n:gray[The link works once. The browser "
            "that it was made in can then look at it, and not change it.]"
        )
        row = st.container(horizontal=True)
        row.button("Make it mine", type="primary", key="recovery-yes", on_click=_take, args=(name, secret, take_over))
        row.button("Not now", type="tertiary", key="recovery-no", on_click=state.take, args=("of", _CLAIM))


def _take(name: str, secret: str, take_over: Callable[[str, str], str]) -> None:
    state.take("of", _CLAIM)
    try:
        take_over(name, secret)
    except UserError as mistake:
        state.put(_SAID, str(mistake))


def _root(page: str) -> str:
    """Return the address of this server as the browser sees it, whatever a proxy strips, from that of ``/page``."""
    return str(st.context.url or "").rstrip("/").removesuffix(page) or base()


@st.dialog("A link for another browser")
def _show(link: str) -> None:
    st.markdown("Keep it where only you see it. **It is shown once**, works once, and whoever opens it is the owner.")
    st.code(link, language=None, wrap_lines=True)
