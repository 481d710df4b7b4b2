"""The only Lightning room: how a network is fed, stepped, watched and exported. It knows no files and no pages.

``fit`` trains a network in memory; ``export`` turns it into the two ONNX graphs that everything else uses.
"""

__all__ = ["export", "fit"]
