"""What a teacher adds to a link: a task, controls that are hidden, the presenter's look. Checked like any input."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

NAMES = ("task", "hide", "present")
MOST_TASK = 400  # letters
_MOST_HIDE = 400


@dataclass(frozen=True)
class Shared:
    """What the address asks for besides the view; what was wrong with it stands in ``problems`` and is left out."""

    task: str = ""
    hide: tuple[str, ...] = ()
    present: bool = False
    problems: tuple[str, ...] = ()

    def hides(self, name: str) -> bool:
        """Say whether a control is hidden."""
        return name in self.hide

    def address(self) -> dict[str, str]:
        """Return the query parameters that bring this back."""
        found = {"task": self.task, "hide": ",".join(self.hide), "present": "1" if self.present else ""}
        return {name: value for name, value in found.items() if value}


def parse_shared(parameters: Mapping[str, str], known: Collection[str]) -> Shared:
    """Return what an address asks for.

    Parameters
    ----------
    parameters : mapping
        Of the address, as text.
    known : collection of str
        Names of the controls that may be hidden here.

    Examples
    --------
    >>> parse_shared({"task": "Find the 7 that looks like a 1.", "hide": "data,model"}, ["data", "model"]).hide
    ('data', 'model')
    >>> parse_shared({"hide": "everything"}, ["data", "model"]).problems
    ('hide in the address must name controls of this page (data, model): got “everything”',)
    """
    problems = []
    task = "".join(letter for letter in parameters.get("task", "") if letter.isprintable() or letter == "\n").strip()
    if len(task) > MOST_TASK:
        problems.append(f"task in the address may have {MOST_TASK} letters at most: got {len(task):,}")
        task = ""
    asked = [name.strip() for name in parameters.get("hide", "")[: _MOST_HIDE + 1].split(",") if name.strip()]
    unknown = [name for name in asked if name not in known]
    if unknown:
        choices = ", ".join(known) or "none"
        problems.append(
            f"hide in the address must name controls of this page ({choices}): got “{', '.join(unknown)[:60]}”"
        )
    hide = tuple(dict.fromkeys(name for name in asked if name in known))
    present = parameters.get("present", "0")
    if present not in ("0", "1"):
        problems.append(f"present in the address must be 0 or 1: got “{present[:40]}”")
    return Shared(task, hide, present == "1", tuple(problems))
