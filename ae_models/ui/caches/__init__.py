"""Caches of single pages, where ``ui/cache.py`` would get too long. The same rules: keys are names and digests."""
