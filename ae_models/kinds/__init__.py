"""What a sample is, in the words of a sentence: an image with pixels, or a row of numbers."""
