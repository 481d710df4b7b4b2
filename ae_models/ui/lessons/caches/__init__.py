"""Caches of single pages, a file each, where ``ae_models.ui.cache`` would get too long. The same rules hold here.

Keys are names and digests, never arrays; arrays come out read-only and are shared; ``max_entries`` everywhere.
"""
