"""The views of the page "Walk": one file each, over what ``ui.shared.walk_spaces`` gathers."""
