"""Draw: what an encoder makes of a picture from outside."""
