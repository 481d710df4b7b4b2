"""The views of Compare, one a file: each reads the state, asks one recipe and draws. ``chart`` is what they share."""
