"""Latent Lab: train small autoencoders, see what they learn, hold them against PCA and UMAP."""

__version__ = "0.1.0"
