"""Texts in, themes out: a calculator that knows nothing of the web, of storage, of accounts.

    texts → tokens and stems → word vectors learnt from these texts (co-occurrence, PPMI, SVD)
          + concepts of city life that the words speak for (thesaurus), weighed by how much they tell here
          → document vectors → neighbour graph → communities, as many as the texts hold
          → texts settle under people's decisions → labels, quotes, confidence

Same texts, settings and seed give the same bytes, in any order of input and with any number of threads.
Nothing is trained elsewhere and nothing is downloaded. This module is the only door; the rest is private.
"""

import analysis.lean_import  # noqa: F401  # isort: skip  (it has to come before SciPy)
from analysis.contract import (
    STAGE_CLUSTER,
    STAGE_LABEL,
    STAGE_PREPROCESS,
    STAGE_REPRESENT,
    STAGES,
    Cancelled,
    Document,
    DocumentId,
    EarlierCluster,
    EarlierRun,
    Guidance,
    Settings,
    Theme,
)
from analysis.duplicates import near_duplicates
from analysis.embedding import EmbeddingUnavailable, check_embedding
from analysis.outcome import Cluster, Member, Move, Quality, Result, SubTheme, Warning_
from analysis.personal_data import Finding, find_personal_data, mask
from analysis.phone_similarity import phone_index, similar_by_index
from analysis.pipeline import analyze, analyze_with_placer
from analysis.placing import Placement, Placer, learn_placer
from analysis.rerun import GROWN, UNFAMILIAR, RerunAdvice, advise_rerun
from analysis.similarity import SimilarityIndex, similar

__all__ = [
    "GROWN",
    "STAGES",
    "STAGE_CLUSTER",
    "STAGE_LABEL",
    "STAGE_PREPROCESS",
    "STAGE_REPRESENT",
    "UNFAMILIAR",
    "Cancelled",
    "Cluster",
    "Document",
    "DocumentId",
    "EarlierCluster",
    "EarlierRun",
    "EmbeddingUnavailable",
    "Finding",
    "Guidance",
    "Member",
    "Move",
    "Placement",
    "Placer",
    "Quality",
    "RerunAdvice",
    "Result",
    "Settings",
    "SimilarityIndex",
    "SubTheme",
    "Theme",
    "Warning_",
    "advise_rerun",
    "analyze",
    "analyze_with_placer",
    "check_embedding",
    "find_personal_data",
    "learn_placer",
    "mask",
    "near_duplicates",
    "phone_index",
    "similar",
    "similar_by_index",
]
