"""Caches of single lessons, a file each. The rules of ``ae_models.ui.shared.run_data`` hold here.

Keys are names and digests, never arrays; arrays come out read-only and are shared; ``max_entries`` everywhere.
"""
