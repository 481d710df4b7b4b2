"""Tests of the pages in a real browser; a package, so that its browser and server end with its last test."""
