"""Latent Lab: train small autoencoders, see what they learn, hold them against PCA and UMAP."""

import os

__version__ = "0.1.0"

# ONNX Runtime sends usage data to its maker, from native code, unless this stands in the environment before its first
# import. Nothing here connects to anybody unasked, so it is not for the environment to say otherwise; processes that
# are started from here inherit it.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
