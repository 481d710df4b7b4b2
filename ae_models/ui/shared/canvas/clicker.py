"""The keys of a presenter's clicker, for a lesson in the presenter's look."""

from __future__ import annotations

from ae_models.ui.shared.canvas.mounting import mount

KEY = "lesson-clicker"


def clicker(lesson: str) -> None:
    """Let PageDown and the right arrow go on in a lesson, PageUp and the left arrow back, while this is on the page.

    On means: reveal, then panel by panel to the end, then the next exhibit, whose name ``lesson`` then is.
    """
    mount("shared/clicker", {"lesson": lesson}, key=KEY)
