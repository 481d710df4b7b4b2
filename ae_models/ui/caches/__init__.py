"""More caches of the pages, a file a topic; the rules are those of ``ui/cache.py``."""
