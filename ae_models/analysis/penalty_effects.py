"""What penalties on the code do, exactly, where the decoder is a flat sheet of perpendicular axes: PCA's."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ae_models.base import FloatArray, UserError

STRENGTHS: Mapping[str, tuple[float, ...]] = {
    "l1": (0.5, 1.0, 2.0, 4.0),
    "k-sparse": (25, 10, 5, 2),
    "contractive": (0.1, 0.5, 1.0, 4.0),
}


def penalised(name: str, codes: FloatArray, strength: float) -> FloatArray:
    r"""Return the codes ``(n, k)`` that are best under a penalty, the decoder's axes being orthonormal and fixed.

    With orthonormal axes the squared error of an image is, but for a constant, :math:`\lVert z' - z \rVert^2` from
    its PCA code z, so that each answer is exact:

    - ``none``: z itself;
    - ``l1``, :math:`+ \lambda \sum_j |z'_j|`: each number moves towards 0 by :math:`\lambda / 2`, and stays there;
    - ``k-sparse``: the ``strength`` numbers of largest magnitude stay (no ReLU here: a PCA code has both signs);
    - ``contractive``, :math:`+ \lambda \lVert \partial z' / \partial x \rVert_F^2`, a linear encoder: number j is
      multiplied by :math:`v_j / (v_j + \lambda)`, v being its variance over these images.

    Raises
    ------
    UserError
        For an unknown penalty.

    References
    ----------
    Donoho & Johnstone 1994 (soft thresholding); Makhzani & Frey 2014; Rifai et al. 2011.
    """
    if name == "none":
        return codes
    if name == "l1":
        return np.asarray(np.sign(codes) * np.maximum(np.abs(codes) - strength / 2, 0), np.float32)
    if name == "k-sparse":
        least = -np.partition(-np.abs(codes), int(strength) - 1, axis=1)[:, int(strength) - 1 : int(strength)]
        return np.asarray(np.where(np.abs(codes) >= least, codes, 0), np.float32)
    if name == "contractive":
        variance = codes.var(axis=0)
        return np.asarray(codes * (variance / (variance + strength)), np.float32)
    raise UserError(f"unknown penalty '{name}': choose from none, {', '.join(STRENGTHS)}")


def gaussian_kl(means: FloatArray, spreads: FloatArray) -> float:
    r"""Return the mean KL divergence, in nats, of :math:`N(\mu, \sigma^2)` from :math:`N(0, 1)`, summed over the code.

    References
    ----------
    Kingma & Welling 2014, appendix B.
    """
    square = np.square(spreads, dtype=np.float64)
    each = 0.5 * (np.square(means, dtype=np.float64) + square - np.log(square) - 1)
    return float(each.sum(axis=1).mean())
