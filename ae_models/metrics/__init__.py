"""One number a file: what a map or a model keeps of its images, with range, direction, chance level and reference.

Plain NumPy arrays in, plain numbers out: no model, no page, no run folder.
"""
