"""What the larger exhibits compute and keep, a file each under the exhibit's name."""
