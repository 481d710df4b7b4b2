"""Where the images lie on each map of a comparison."""

from __future__ import annotations

from ae_models.base import FloatArray, ImageDataset, UserError
from ae_models.recipes.comparison import Row
from ae_models.runs.serving import codes_of, find_pca, find_run


def points_of_row(row: Row, dataset: str, variant: str, images: ImageDataset) -> FloatArray:
    """Return the points ``(n, d)`` of one method of a comparison: its codes, or where its map puts the images.

    Raises
    ------
    UserError
        When the map is no longer here.
    """
    from ae_models.recipes.contestants import stored_map

    if row.kind == "run":
        return codes_of(*find_run(row.id), images)
    if row.method == "pca":
        found = find_pca(dataset, str(row.fitted_on.get("digest")), row.latent_dim)
        if found is not None:
            return codes_of(*found, images)
    else:
        embedding = stored_map(row.method, dataset, row.latent_dim, images, variant)
        if embedding is not None:
            return embedding.points
    raise UserError(f"the map '{row.id}' is no longer here: run 'python -m ae_models project {row.method}' again")
