"""Own data sets as cards: what each is, training with defaults, its maps, deleting with undo."""

from __future__ import annotations

from datetime import datetime
from functools import partial

import streamlit as st

from ae_models.base import UserError
from ae_models.datasets import Card, kept
from ae_models.kinds import kind_called
from ae_models.ui import state
from ae_models.ui.shared import actions, broken, defaults, ownership, picture_strip
from ae_models.ui.shared.actions import attempt, icon_button, undo_row
from ae_models.ui.shared.markdown import escape_markdown
from ae_models.ui.shared.opened_files import first_rows
from ae_models.ui.visitor import visitor

_SAID, _WRONG, _DELETED = "bring-kept", "bring-wrong", "bring-deleted"
_COLUMNS, _PICTURES = 3, 8
DELETE = (
    "Delete it. It can be taken back for 30 days. Models that were trained on it stay, but cannot be shown without it."
)


Link = tuple[str, str, dict[str, str]]
"""A page's script, what its link is called, and the address that it leads to."""


def say(line: str, link: Link | None = None) -> None:
    """Say something above the page when it is drawn next, with a link to what there is to see."""
    state.put(_SAID, (line, link))


def messages() -> None:
    """Say what was done last, and offer to undo it."""
    said, wrong, gone = state.get(_SAID), state.get(_WRONG), state.get(_DELETED)
    if said:
        line, link = said
        row = st.container(horizontal=True, vertical_alignment="center", key="bring-said-row")
        row.success(escape_markdown(line), icon=":material/check:")
        if link:
            row.page_link(link[0], label=link[1], icon=":material/scatter_plot:", query_params=link[2])
        state.put(_SAID, None)
    if wrong:
        st.error(escape_markdown(str(wrong)), icon=":material/error:")
        state.put(_WRONG, "")
    if gone:
        entry, title = gone
        undo_row(title, "bring-undo", partial(_restore, entry))


def recovery() -> None:
    """Show a link that was just made; where one was followed, ask whether the data set changes hands."""
    ownership.recovery(
        lambda name: kept.card(name).title,
        lambda name, secret: kept.owned().take_over(name, secret, visitor()).title,
    )


def render() -> None:
    """Draw a card for each own data set, newest first, and what was deleted."""
    found, damaged = [], []
    for name in kept.names():
        try:
            found.append(kept.card(name))
        except UserError as mistake:
            damaged.append((name, str(mistake)))
    if found or damaged:
        st.subheader(f"Your data ({len(found)})", anchor=False)
    for name, why in damaged:
        mine = ownership.is_mine(kept.owned().owner_of(name))
        broken.row(why, f"bring-delete-{name}", partial(_delete, name, name) if mine else None)
    found.sort(key=lambda card: card.created, reverse=True)
    for start in range(0, len(found), _COLUMNS):
        for column, card in zip(st.columns(_COLUMNS), found[start : start + _COLUMNS], strict=False):
            with (
                column,
                st.container(border=True, key=f"card-data-{card.name}", height="stretch"),
                broken.alone(card.name),
            ):
                _card(card)
    actions.trash("Deleted", kept.owned().trash.all(), "bring-back", _restore)


def _card(card: Card) -> None:
    own, kind = ownership.is_mine(card.owner), kind_called(card.kind)
    channels, height, width = card.shape
    size = kind.say(kind.sizes, height=height, width=width) + (" in colour" if channels == 3 else "")
    st.markdown(f"**{escape_markdown(card.title)}** {':blue-badge[yours]' if own else ':gray-badge[not yours]'}")
    try:
        kept.ImportedDataset(card).check()
        rows = first_rows(card.name, _PICTURES)
        picture_strip.render(rows.images(), f"Some of the held-out {kind.samples}")
    except UserError as mistake:
        st.warning(escape_markdown(str(mistake)), icon=":material/broken_image:")
    classes = f"{len(card.class_names)} classes" if card.class_names else "no labels"
    st.markdown(
        f"{card.n_train:,} to train on, {card.n_heldout:,} held out  \n"
        f"{size} · {classes}  \n"
        f":gray[{escape_markdown(card.licence)}]  \n"
        f":gray[{datetime.fromisoformat(card.created).astimezone():%d %b %Y %H:%M} · {escape_markdown(card.format)} · "
        f"digest {card.sha256[:12]}]",
        help=escape_markdown(f"{card.name}: sha256 {card.sha256} of the rows that were kept. {_classes(card)}"),
    )
    ownership.whose_line(card.owner)
    row = st.container(horizontal=True, vertical_alignment="center")
    with row:
        defaults.button(card.name, key=f"bring-train-{card.name}")
    row.page_link(
        "explore/page.py", label="See its maps", icon=":material/scatter_plot:", query_params={"data": card.name}
    )
    if own:
        row.space("stretch")
        with row:
            secret = partial(kept.owned().new_recovery_secret, card.name, visitor())
            ownership.recovery_button(card.name, card.owner, bool(card.recovery), secret, "bring")
        delete = partial(_delete, card.name, card.title)
        icon_button(row, "delete", f"bring-delete-{card.name}", DELETE, delete)


def _classes(card: Card) -> str:
    return f"Classes: {', '.join(card.class_names[:30])}." if card.class_names else "It has no labels."


def _delete(name: str, title: str) -> None:
    attempt(_WRONG, lambda: state.put(_DELETED, (kept.delete(name, visitor()).entry, title)))


def _restore(entry: str) -> None:
    state.put(_DELETED, None)
    attempt(_WRONG, lambda: kept.owned().restore(entry, visitor()))
