"""The parts of the page that takes things in."""
