"""The views of the page "Walk": one file each, over what ``common`` gathers."""
