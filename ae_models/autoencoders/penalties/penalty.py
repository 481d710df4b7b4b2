"""What a penalty promises."""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn.utils import parametrize

from ae_models.autoencoders.autoencoder import Autoencoder


class Penalty:
    """A term of the loss. Each is a scalar, 0 or more, averaged over images, in the unit its docstring says."""

    def code_activation(self) -> nn.Module:
        """Return the activation that the code needs for this penalty to make sense."""
        return nn.Identity()

    def prepare(self, model: Autoencoder) -> None:
        """Change a fresh model where the penalty could be cheated otherwise."""

    def term(self, model: Autoencoder, images: Tensor, codes: Tensor) -> Tensor:
        """Return the term for a batch: images ``(n, c, h, w)``, their codes ``(n, latent_dim)``."""
        raise NotImplementedError


class UnitColumns(nn.Module):
    """Keeps what leaves each unit of a layer at norm 1: a small code cannot be blown up again behind it."""

    def __init__(self, unit_axis: int) -> None:
        super().__init__()
        self.other_axes = tuple(axis for axis in range(4) if axis != unit_axis)

    def forward(self, weight: Tensor) -> Tensor:
        """Return the weight with each unit's outgoing part at norm 1."""
        axes = tuple(axis for axis in self.other_axes if axis < weight.dim())
        norms: Tensor = weight.square().sum(dim=axes, keepdim=True).sqrt()
        return weight / norms.clamp_min(1e-8)


def normalise_decoder(model: Autoencoder) -> None:
    """Keep the outgoing weights of each unit of the decoder at norm 1 (tied weights need no such thing)."""
    if getattr(model, "tied", False):
        return
    for module in model.decoder.modules():
        if isinstance(module, nn.Linear):
            parametrize.register_parametrization(module, "weight", UnitColumns(unit_axis=1))  # (out, in)
        elif isinstance(module, nn.ConvTranspose2d):
            parametrize.register_parametrization(module, "weight", UnitColumns(unit_axis=0))  # (in, out, h, w)


def settle(model: Autoencoder) -> None:
    """Replace computed weights by what they have become: before export and before weights are kept."""
    for module in model.modules():
        if parametrize.is_parametrized(module, "weight"):
            parametrize.remove_parametrizations(module, "weight", leave_parametrized=True)
