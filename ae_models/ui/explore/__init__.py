"""Explore: three maps of the same images, and what decodes under the pointer."""
