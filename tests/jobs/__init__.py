"""A package, so that its workers end with it: a folder alone would keep them until the last test of all."""
