"""What comes back: the code of the picture that was drawn from a code."""

from __future__ import annotations

from ae_models.base import Decoder, Encoder, FloatArray


def round_trips(encoder: Encoder, decoder: Decoder, codes: FloatArray) -> FloatArray:
    """Return ``encode(decode(z))`` for codes ``(n, latent_dim)``: where each arrow from ``z`` ends.

    Pictures are not clipped in between: that is done for showing only. For PCA every arrow is 0, because its encoder
    undoes its decoder; for a net the arrows show where it cannot tell its own drawing.
    """
    return encoder.encode(decoder.decode(codes))
