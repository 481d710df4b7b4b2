"""What a person does with data sets that were brought: delete, take back, hand over. Each asks who wants it.

One process at a time changes what lies in the folder of data sets.
"""

from __future__ import annotations

import re
from typing import Any

from ae_models.base import UserError, Visitor, owners, paths
from ae_models.base.owners import said_of
from ae_models.base.trash import Deleted, Trash, moved
from ae_models.datasets import kept
from ae_models.datasets.card import NAME_PATTERN, Card


def trash() -> Trash:
    """Return the data sets that were deleted here: they can be taken back for 30 days."""
    return Trash(kept.folder() / ".trash")


def deleted() -> list[Deleted]:
    """Return what lies in the trash, the newest first."""
    return trash().all()


def owner_of(name: str) -> str:
    """Return whose a data set is, whole or damaged; "" where nobody's, or its card cannot be read at all."""
    return said_of(kept.folder() / name / "card.json")[1] if re.fullmatch(NAME_PATTERN, name) else ""


def delete(name: str, by: Visitor) -> Deleted:
    """Put a data set away, from where ``restore`` brings it back for 30 days."""
    if name not in kept.names():
        raise UserError(f"no data set '{name}' was imported here: {', '.join(kept.names()) or 'there is none'}")
    with paths.locked(kept.folder()):
        by.check(owner_of(name), f"data set '{name}'")
        trash().forget_old()
        try:
            return trash().put(kept.folder() / name)
        except OSError as error:
            raise moved(f"data set '{name}'", kept.folder(), error) from None


def restore(name: str, by: Visitor) -> None:
    """Bring a deleted data set back, by the name of its entry in the trash, or by its own: the newest of that name.

    Raises
    ------
    UserError
        When there is none, it is another person's, or its name is taken again.
    """
    with paths.locked(kept.folder()):
        gone = trash().find(name, lambda gone: by.may_change(gone.owner))
        if gone is None:
            known = sorted({each.id for each in deleted()})
            raise UserError(f"no deleted data set '{name[:80]}': {', '.join(known) or 'there is none'}")
        by.check(gone.owner, f"deleted data set '{gone.id}'")
        if gone.id in kept.names():
            raise UserError(f"there is a data set '{gone.id}' again: delete that one first")
        try:
            trash().take_back(gone, kept.folder() / gone.id)
        except OSError as error:
            raise moved(f"data set '{gone.id}'", trash().root, error) from None


def new_recovery_secret(name: str, by: Visitor) -> str:
    """Return a secret with which a data set can be taken over, once; an earlier one is void then."""
    secret, digest = owners.new_secret()
    with paths.locked(kept.folder()):
        card = kept.card(name)
        by.check(card.owner, f"data set '{name}'")
        _rewritten(card, {"recovery": digest})
    return secret


def take_over(name: str, secret: str, by: Visitor) -> Card:
    """Make a visitor the owner of a data set whose secret they hold; the secret is spent."""
    if not by.id:
        raise UserError("this browser keeps no cookies, so nothing could be known as yours: allow them, and reload")
    with paths.locked(kept.folder()):
        card = kept.card(name)
        if not owners.fits(secret, card.recovery):
            raise UserError(f"this link does not open data set '{name}': it was used, or a newer one was made")
        return _rewritten(card, {"owner": by.id, "recovery": ""})


def _rewritten(card: Card, changes: dict[str, Any]) -> Card:
    """Write a changed card in one step; call it with the folder locked."""
    amended = card.model_copy(update=changes)
    beside = paths.beside(kept.folder() / "card.json")
    try:
        beside.write_text(amended.model_dump_json(indent=1) + "\n", encoding="utf-8")
        beside.replace(kept.folder() / card.name / "card.json")
    except OSError as error:
        raise UserError(f"data set '{card.name}' could not be changed ({error.strerror})") from None
    finally:
        beside.unlink(missing_ok=True)
    return amended
