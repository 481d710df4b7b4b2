"""What the loss adds to the reconstruction, on weights or on codes. One file each; the table is one floor up."""
