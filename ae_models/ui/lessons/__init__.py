"""Lessons: the subject as exhibits, each one Markdown file in ``texts/`` and one Python file in ``exhibits/``.

How an exhibit is added
-----------------------
1. One line in ``EXHIBITS`` below: its name and its number. The name is what the address says (``?lesson=lossy``) and
   what both files are called.
2. ``ae_models/ui/lessons/texts/NAME.md``: all of its words, for a teacher to edit. A title (``# ...``), a line under
   it, and sections. Three must be there: ``## Question`` (its list is what can be answered, ``- key: words``, or one
   slider, ``- slider: 2 to 64 numbers``), ``## Answer`` and ``## Sources``. ``## Try it`` and ``## In short`` are
   shown where they are, ``## Words`` lists terms of ``glossary.md``. Every other section is called by the exhibit
   with the name in its braces: ``## What goes first {#first}``. A computed value stands as ``{name}`` or
   ``{name:.1f}``; an unknown one is a mistake that names file, line and choices. A statement about data is such a
   value, or a test's.
3. ``ae_models/ui/lessons/exhibits/NAME.py`` with

   - ``DATA``: names of data sets it can be shown with, the first one at first;
   - ``controls(dataset)``: its ``Control``s, all of what a visitor may change; their names stand in the address, and
     a teacher may hide each. The framework draws, checks and remembers them;
   - ``facts(dataset, chosen)``: ``Facts``: the values for the text, the right answer, the run for "See it on the
     map", the form for "Train it yourself". It runs before the reveal too: heavy work belongs into a function that
     is ``cached`` (in the same file, or in ``caches/NAME.py``), what takes more than a second into what ships;
   - ``render(stage)``: what stands below the answer. ``stage.figure("first", figure, table)`` draws a panel with the
     section of that name, ``stage.say("first")`` the section alone; ``stage["size"]`` is what a control holds.

``tests/ui/test_lessons.py`` and ``tests/browser/test_lessons.py`` walk the table: a new line is tested with the rest.
"""

from __future__ import annotations

EXHIBITS = {  # name: number
    "layers": 1,
    "lossy": 2,
    "copying": 3,
    "strangers": 4,
    "learned": 5,
    "linear": 6,
    "denoising": 7,
    "penalties": 8,
    "filling": 9,
    "maps": 10,
}

__all__ = ["EXHIBITS"]
