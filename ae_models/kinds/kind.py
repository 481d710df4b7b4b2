"""What a kind of data says of itself: its nouns, how a sample is drawn, what makes sense for it."""

from __future__ import annotations

import string
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ae_models.base import ByteArray, FloatArray, Shape

Colour = tuple[int, int, int]


@dataclass(frozen=True)
class Colours:
    """The colours of a page that a sample is drawn in.

    Parameters
    ----------
    dark : bool
    ink, panel, line : (red, green, blue)
        Of writing on the light page, of the ground that figures lie on, of a figure's lines.
    more, less : (red, green, blue)
        Of values above 0 and below it.
    """

    dark: bool
    ink: Colour
    panel: Colour
    line: Colour
    more: Colour
    less: Colour


class _Filler(string.Formatter):
    """``str.format`` that takes names only, and has none twice."""

    def get_value(self, key: int | str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        if isinstance(key, int):
            raise ValueError("a template names what it is filled with: got an empty or numbered brace")
        return super().get_value(key, args, kwargs)


_FILLER = _Filler()


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of data.

    Parameters
    ----------
    name : str
        As the command line's JSON and the browser have it: "image", "vector".
    plural : str
        As the card of a kept data set has it: "images", "vectors".
    holds : callable
        Whether data of this shape ``(channels, height, width)`` can be of this kind.
    sample, samples, a_sample : str
        What one of the data is called in a sentence: "image", "images", "an image".
    part, parts, a_part : str
        What it is made of: "pixel", "row" has "number".
    picture, pictures, a_picture : str
        What is drawn of it: "picture", "chart".
    differences : str
        What is squared for an error: "pixel differences".
    more_of_it : str
        What a larger value is on the picture: "more ink".
    lowest_to_highest : str
        The whole range of a part: "black to white".
    squeezes : str
        The question over the maps, a template of ``{n_parts}``, ``{latent_dim}`` and ``{code}`` ("2 numbers").
    sizes : str
        How large one is, a template of ``{height}`` and ``{width}``: "28 x 28 pixels".
    ink, signed : callable
        Draw samples ``(..., c, h, w)`` in [0, 1], and differences ``(..., h, w)`` up to a limit, as colours
        ``(..., height, width, 3)``.
    draws_by_hand : bool
        Whether somebody can draw one with a pen.
    is_pictorial : bool
        Whether its values are what is seen: they are shown as they are, and need no chart.
    is_spatial : bool
        Whether parts that lie side by side belong together, so that convolutions, shifts and squares mean something.
    is_scaled : bool
        Whether every part has a scale of its own.
    """

    name: str
    plural: str
    holds: Callable[[Shape], bool]
    sample: str
    samples: str
    a_sample: str
    part: str
    parts: str
    a_part: str
    picture: str
    pictures: str
    a_picture: str
    differences: str
    more_of_it: str
    lowest_to_highest: str
    squeezes: str
    sizes: str
    ink: Callable[[FloatArray, Colours], ByteArray]
    signed: Callable[[FloatArray, Colours, float], ByteArray]
    draws_by_hand: bool
    is_pictorial: bool
    is_spatial: bool
    is_scaled: bool

    @cached_property
    def nouns(self) -> Mapping[str, str]:
        """What a template may name, small and as a sentence begins: ``samples`` and ``Samples``."""
        small = {name: getattr(self, name) for name in NOUNS}
        return {**small, **{_capital(name): _capital(noun) for name, noun in small.items()}}

    def say(self, text: str, /, **values: object) -> str:
        """Return a template with this kind's nouns and some values filled in.

        Parameters
        ----------
        text : str
            Written in the program, with ``{samples}``, ``{A_picture}`` and the like, and names of ``values``, formatted
            as ``str.format`` does. Never a text that somebody else wrote: that is a value.
        values : object
            By the names in the template; they stand as they are, whatever words or braces they hold.

        Raises
        ------
        KeyError, ValueError
            When the template names what is not there, a brace stands alone, or a value has a noun's name.

        Examples
        --------
        >>> from ae_models.kinds import IMAGE, VECTOR
        >>> VECTOR.say("{A_sample}, its {parts} and {n:,} {samples} of {title}", n=1000, title="my {images}")
        'A row, its numbers and 1,000 rows of my {images}'
        >>> IMAGE.say("{A_sample}, its {parts}")
        'An image, its pixels'
        """
        taken = sorted(set(values) & set(self.nouns))
        if taken:
            raise ValueError(f"a value must not have the name of a noun: {', '.join(taken)}")
        return _FILLER.vformat(text, (), {**self.nouns, **values})


NOUNS = (
    *("sample", "samples", "a_sample", "part", "parts", "a_part", "picture", "pictures", "a_picture"),
    *("differences", "more_of_it", "lowest_to_highest"),
)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
