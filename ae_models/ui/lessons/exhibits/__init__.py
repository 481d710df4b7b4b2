"""The exhibits of the lessons, one a file: what may be changed, what is computed, what is drawn.

How one is added stands in ``ae_models/ui/lessons/__init__.py``; nothing here knows the page around it.
"""
