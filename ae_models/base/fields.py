"""What the fields of records are made of: text that can be shown, dates that can be told, numbers within bounds."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, Field, ValidationError

from ae_models.base.stored import whole_letters

_FIRST_YEAR, _LAST_YEAR = 1980, 2200


def _readable(text: str) -> str:
    whole_letters(text)
    if any((ord(letter) < 32 and letter not in "\t\n\r") or ord(letter) == 127 for letter in text):
        raise ValueError("has control characters")
    return text


def _moment(text: str) -> str:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError("is no date and time such as 2026-01-31T12:00:00+00:00") from None
    if moment.tzinfo is None:
        raise ValueError("is a time without its zone, such as +00:00")
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        raise ValueError(f"is a date before {_FIRST_YEAR} or after {_LAST_YEAR}")
    return text


def _plain_values(values: Any) -> Any:
    """Let through what ``plain_json`` gives; a record that is made here may hold other things by mistake of ours."""
    if len(json.dumps(values, default=str)) > 100_000:
        raise ValueError("is too long")
    return values


Words = Annotated[str, Field(max_length=4_000), AfterValidator(_readable)]
"""Text of any number of lines."""
Owner = Annotated[str, Field(pattern=r"^[0-9a-z-]{0,64}$")]
"""The visitor who made a thing; "" for nobody."""
RecoveryDigest = Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")]
"""Of the secret with which a maker is known again; "" where there is none."""
Line = Annotated[str, Field(max_length=400), AfterValidator(_readable)]
"""A short text."""
ClassNames = Annotated[
    tuple[Annotated[str, Field(max_length=200), AfterValidator(_readable)], ...], Field(max_length=255)
]
"""What classes are called: pages number them in a byte, and 255 means none."""
Moment = Annotated[str, Field(max_length=64), AfterValidator(_moment)]
"""When something was: ISO 8601 with its time zone, between 1980 and 2200, so that any zone can show it."""
Count = Annotated[int, Field(ge=0, le=10**12)]
Figure = Annotated[float, Field(ge=0, le=1e40)]
Seconds = Annotated[float, Field(ge=0, le=1e12)]
Settings = Annotated[dict[str, Any], Field(max_length=200), AfterValidator(_plain_values)]
"""Plain values by name."""


def first_fault(error: ValidationError) -> str:
    """Return what is wrong first with values that a model refused: where, and the rule.

    Examples
    --------
    >>> from pydantic import TypeAdapter
    >>> try:
    ...     TypeAdapter(dict[str, Moment]).validate_python({"created": "yesterday"})
    ... except ValidationError as error:
    ...     first_fault(error)
    'created: is no date and time such as 2026-01-31T12:00:00+00:00'
    """
    first = error.errors(include_url=False, include_context=False)[0]
    where = ".".join(str(part)[:40] for part in first["loc"][:6]) or "its content"
    rule = first["msg"].removeprefix("Value error, ")
    return f"{where}: {' '.join(rule.split())[:200]}"
