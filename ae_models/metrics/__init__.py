"""One number a file: what a map or a model keeps of its images, with range, direction, chance level and reference.

Plain NumPy arrays in, plain numbers out: no model, no page, no run folder.
"""

from __future__ import annotations

from ae_models.metrics.metric import Direction, Group, Material, Metric, NoValue, Value
from ae_models.registry import Registry

_ROOM = "ae_models.metrics"
_SHUFFLED = "measured: the same map with its rows shuffled"
_OTHERS_PICTURES = "measured: each image against the reconstruction of another"
_VENNA = "Venna & Kaski 2001; Kaski et al. 2003"
_LEE = "Lee & Verleysen 2009; Lee, Peluffo-Ordóñez & Verleysen 2015"

_TABLE: list[tuple[str, Metric]] = [
    (
        "sse",
        Metric(
            f"{_ROOM}.reconstruction:sse",
            "Error (SSE)",
            "how far the drawn picture is from the real one, all pixels added up",
            group="reconstruction",
            direction="lower",
            high=None,
            chance=_OTHERS_PICTURES,
            unit="squared intensity, summed over pixels",
            formula="mean over images of sum over pixels (x - x')^2",
            reference="Hinton & Salakhutdinov 2006",
            says="A drawn picture misses the real one by {value} on average, all pixels added up.",
            per_point=True,
            needs=("reconstructions",),
            decimals=2,
        ),
    ),
    (
        "mse",
        Metric(
            f"{_ROOM}.reconstruction:mse",
            "Error a pixel (MSE)",
            "the same error divided by the number of pixels",
            group="reconstruction",
            direction="lower",
            high=None,
            chance=_OTHERS_PICTURES,
            unit="squared intensity",
            formula="SSE / number of pixels",
            reference="Sainburg, McInnes & Gentner 2021",
            says="A drawn pixel misses the real one by {root} (root mean square; black to white is 1).",
            per_point=True,
            needs=("reconstructions",),
            decimals=4,
        ),
    ),
    (
        "psnr",
        Metric(
            f"{_ROOM}.reconstruction:psnr",
            "Signal to noise (PSNR)",
            "the error in decibels: 10 more means a tenth of the error",
            group="reconstruction",
            direction="higher",
            low=None,
            high=None,
            chance=_OTHERS_PICTURES,
            unit="dB",
            formula="10 log10(1 / MSE of all images together)",
            reference="Horé & Ziou 2010",
            says="The error lies {value} decibels below the brightest signal.",
            per_point=True,
            needs=("reconstructions",),
            decimals=2,
        ),
    ),
    (
        "ssim",
        Metric(
            f"{_ROOM}.ssim:ssim",
            "Looks alike (SSIM)",
            "how alike the pictures look in brightness, contrast and structure, in small windows",
            group="reconstruction",
            direction="higher",
            low=-1.0,
            chance=_OTHERS_PICTURES,
            unit="none",
            formula="mean over 7 x 7 windows of (2 m m' + c1)(2 cov + c2) / ((m^2 + m'^2 + c1)(v + v' + c2))",
            reference="Wang, Bovik, Sheikh & Simoncelli 2004",
            says="Real and drawn pictures are alike to {value}, where 1 is the same picture.",
            per_point=True,
            needs=("reconstructions",),
        ),
    ),
    (
        "r_squared",
        Metric(
            f"{_ROOM}.r_squared:r_squared",
            "Variance drawn (R²)",
            "the share of what makes pictures differ from the mean picture that the drawing gets right",
            group="reconstruction",
            direction="higher",
            low=None,
            chance=_OTHERS_PICTURES,
            unit="share",
            formula="1 - sum (x - x')^2 / sum (x - mean image)^2, over scored images",
            reference="Draper & Smith 1998",
            says="The drawings explain {percent} of what makes the pictures differ from their mean.",
            needs=("reconstructions",),
        ),
    ),
    (
        "trustworthiness",
        Metric(
            f"{_ROOM}.trustworthiness:trustworthiness",
            "Trustworthiness",
            "are the neighbours you see on the map real neighbours?",
            group="neighbourhood",
            direction="higher",
            chance=f"{_SHUFFLED}; about .50",
            unit="none",
            formula="1 - 2 / (n k (2n - 3k - 1)) sum over i, over j near i on the map only, of (r(i, j) - k)",
            reference=_VENNA,
            says="Neighbours on the map are real neighbours to {value}; a shuffled map has {chance}.",
            per_point=True,
            needs=("ranks",),
            decimals=4,
        ),
    ),
    (
        "continuity",
        Metric(
            f"{_ROOM}.continuity:continuity",
            "Continuity",
            "are real neighbours still neighbours on the map?",
            group="neighbourhood",
            direction="higher",
            chance=f"{_SHUFFLED}; about .50",
            unit="none",
            formula="1 - 2 / (n k (2n - 3k - 1)) sum over i, over j near i in the images only, of (map rank - k)",
            reference=_VENNA,
            says="Real neighbours stay together on the map to {value}; a shuffled map has {chance}.",
            per_point=True,
            needs=("ranks",),
            decimals=4,
        ),
    ),
    (
        "neighbour_recall",
        Metric(
            f"{_ROOM}.recall:neighbour_recall",
            "Neighbours kept (recall at k)",
            "of each picture's nearest pictures, how many are nearest on the map too?",
            group="neighbourhood",
            direction="higher",
            chance=f"{_SHUFFLED}; about k / (n - 1)",
            unit="share",
            formula="Q_NX(k): mean over images of |near in the images and on the map| / k",
            reference="Lee & Verleysen 2009",
            says="Of each picture's {k} nearest pictures, {of_k} on average are among its {k} nearest on the map.",
            per_point=True,
            needs=("ranks",),
        ),
    ),
    (
        "q_local",
        Metric(
            f"{_ROOM}.coranking:q_local",
            "Local quality (Q_NX)",
            "neighbours kept, averaged over the small neighbourhoods where the map is better than chance by most",
            group="neighbourhood",
            direction="higher",
            chance=_SHUFFLED,
            unit="share",
            formula="mean of Q_NX(K) for K = 1 .. argmax (Q_NX(K) - K / (n - 1))",
            reference="Lee & Verleysen 2009",
            says="In small neighbourhoods, {percent} of the neighbours are kept.",
            needs=("ranks",),
        ),
    ),
    (
        "r_nx",
        Metric(
            f"{_ROOM}.coranking:r_nx",
            "Neighbours kept above chance (R_NX)",
            "neighbours kept, measured so that a random map has 0 and a perfect one 1",
            group="neighbourhood",
            direction="higher",
            low=-1.0,
            chance=f"{_SHUFFLED}; about 0",
            unit="none",
            formula="R_NX(k) = ((n - 1) Q_NX(k) - k) / (n - 1 - k)",
            reference=_LEE,
            says="With {k} neighbours the map is {percent} of the way from chance to perfect.",
            needs=("ranks",),
        ),
    ),
    (
        "r_nx_auc",
        Metric(
            f"{_ROOM}.coranking:r_nx_auc",
            "All neighbourhood sizes (AUC of R_NX)",
            "neighbours kept above chance, over every neighbourhood size, small ones counting most",
            group="neighbourhood",
            direction="higher",
            low=-1.0,
            chance=f"{_SHUFFLED}; about 0",
            unit="none",
            formula="sum over K = 1 .. n - 2 of R_NX(K) / K, divided by sum of 1 / K",
            reference="Lee, Peluffo-Ordóñez & Verleysen 2015",
            says="Over all neighbourhood sizes the map is {percent} of the way from chance to perfect.",
            needs=("ranks",),
        ),
    ),
    (
        "spearman",
        Metric(
            f"{_ROOM}.spearman:spearman",
            "Far stays far (Spearman)",
            "do pairs that are far apart in the images lie far apart on the map?",
            group="global",
            direction="higher",
            low=-1.0,
            chance=f"{_SHUFFLED}; about 0",
            unit="none",
            formula="Pearson correlation of the ranks of image and map distances; ties share their mean rank",
            reference="Spearman 1904; Sidney & Castellan 1988",
            says="Order of distances: {value}, where 1 is the same order and 0 none.",
            per_point=True,
            needs=("points",),
        ),
    ),
    (
        "stress",
        Metric(
            f"{_ROOM}.stress:stress",
            "Distances bent (stress)",
            "how much distances on the map differ from those between the images, at the map's best size",
            group="global",
            direction="lower",
            chance=_SHUFFLED,
            unit="none",
            formula="min over a of sqrt(sum (D - a d)^2 / sum D^2) = sqrt(1 - (sum D d)^2 / (sum D^2 sum d^2))",
            reference="Kruskal 1964; Smelser, Miller & Kobourov 2024",
            says="At its best size the map bends distances by {percent}.",
            needs=("points",),
        ),
    ),
    (
        "triplets",
        Metric(
            f"{_ROOM}.triplets:triplets",
            "Which of two is nearer (triplets)",
            "given three pictures, does the map know which of two is nearer to the first?",
            group="global",
            direction="higher",
            chance=f"{_SHUFFLED}; about .50",
            unit="share",
            formula="share of random triplets (a, b, c) whose d(a, b) - d(a, c) keeps its sign; a map tie counts half",
            reference="Wang, Huang, Rudin & Shaposhnik 2021",
            says="Asked which of two pictures is nearer to a third, the map is right {percent} of the time.",
            per_point=True,
            needs=("points",),
        ),
    ),
    (
        "knn_1",
        Metric(
            f"{_ROOM}.knn_accuracy:knn_1",
            "1-NN accuracy",
            "can the class be told from the nearest neighbour on the map?",
            group="labels",
            direction="higher",
            chance=_SHUFFLED,
            unit="share",
            formula="share of test codes whose nearest train code has their class; half train, half test",
            reference="Sainburg, McInnes & Gentner 2021",
            says="The nearest neighbour has the right class {percent} of the time; on a shuffled map {chance}.",
            per_point=True,
            needs=("points", "labels"),
        ),
    ),
    (
        "knn_5",
        Metric(
            f"{_ROOM}.knn_accuracy:knn_5",
            "5-NN accuracy",
            "can the class be told by a vote of the five nearest neighbours on the map?",
            group="labels",
            direction="higher",
            chance=_SHUFFLED,
            unit="share",
            formula="share of test codes whose class wins among their 5 nearest train codes; half train, half test",
            reference="Sainburg, McInnes & Gentner 2021",
            says="A vote of five neighbours finds the right class {percent} of the time; on a shuffled map {chance}.",
            per_point=True,
            needs=("points", "labels"),
        ),
    ),
    (
        "linear_probe",
        Metric(
            f"{_ROOM}.linear_probe:linear_probe",
            "Linear probe",
            "can the class be told from the code by straight cuts?",
            group="labels",
            direction="higher",
            chance=_SHUFFLED,
            unit="share",
            formula="test accuracy of multinomial logistic regression on standardised codes; half train, half test",
            reference="Alain & Bengio 2017",
            says="Straight cuts find the right class {percent} of the time; on a shuffled map {chance}.",
            per_point=True,
            needs=("points", "labels"),
        ),
    ),
    (
        "silhouette",
        Metric(
            f"{_ROOM}.silhouette:silhouette",
            "Islands (silhouette)",
            "do the classes form separate islands on the map?",
            group="labels",
            direction="higher",
            low=-1.0,
            chance=f"{_SHUFFLED}; a little below 0",
            unit="none",
            formula="mean of (b - a) / max(a, b): a, mean distance to the own class; b, to the nearest other class",
            reference="Rousseeuw 1987",
            says="Separation of the classes: {value}, where 1 is far islands and 0 is overlap.",
            per_point=True,
            needs=("points", "labels"),
        ),
    ),
    (
        "anomaly_auc",
        Metric(
            f"{_ROOM}.anomaly:anomaly_auc",
            "Spots strangers (ROC AUC)",
            "are pictures of another kind drawn worse, so that the error gives them away?",
            group="anomaly",
            direction="higher",
            chance="0.5: an error that says nothing",
            unit="share",
            formula="probability that a strange image has a larger squared error than one of these; a tie counts half",
            reference="Hanley & McNeil 1982; Sakurada & Yairi 2014",
            says="The error is larger for a stranger {percent} of the time; guessing: 50 %.",
            needs=("reconstructions", "other_errors"),
        ),
    ),
    (
        "explained_variance",
        Metric(
            f"{_ROOM}.explained_variance:explained_variance",
            "Variance told by straight lines",
            "the share of the pictures' variance that a straight-line function of the code explains",
            group="linear",
            direction="higher",
            chance=f"{_SHUFFLED}; about d / (n - 1)",
            unit="share",
            formula="R^2 of the least-squares linear regression of the images on the code",
            reference="Jolliffe 2002; Eckart & Young 1936",
            says="Straight lines from the code explain {percent} of the pictures' variance.",
            needs=("images", "points"),
        ),
    ),
    (
        "principal_angle",
        Metric(
            f"{_ROOM}.principal_angles:principal_angle",
            "Angle to PCA",
            "how far the flat sheet that a linear decoder draws on is turned away from PCA's",
            group="linear",
            direction="lower",
            high=90.0,
            chance="measured: a random subspace of the same size",
            unit="degrees",
            formula="largest principal angle: arccos of the least singular value of Q^T P, Q and P orthonormal bases",
            reference="Björck & Golub 1973",
            says="The decoder's flat sheet is turned {value} degrees away from PCA's.",
            needs=("directions",),
            decimals=2,
        ),
    ),
]

METRICS = Registry("metric", _TABLE)


def metric(name: str) -> Metric:
    """Return the entry of one metric; an unknown name raises ``Mistake`` with the choices."""
    entry = METRICS.entry(name)
    assert isinstance(entry, Metric)  # the table holds nothing else
    return entry


def measure(name: str, material: Material) -> Value:
    """Return what a metric says of a method; where it has no value, ``why`` says so in one line.

    Never raises for bad input: too few points, constant points, NaN, one class, no labels.
    """
    raise NotImplementedError


__all__ = ["METRICS", "Direction", "Group", "Material", "Metric", "NoValue", "Value", "measure", "metric"]
