"""The optional model of word meanings (setting EMBEDDING_FOLDER): used where it can be read, never in the way."""
from dataclasses import replace
from typing import Any

from flask import current_app

import analysis


def folder() -> str | None:
    """The folder of the setting; ``None`` when there is none."""
    return current_app.config["EMBEDDING_FOLDER"] or None


def finding() -> tuple[bool, str] | None:
    """For the doctor: whether the model can be read, and a line about it; ``None`` without a folder."""
    if folder() is None:
        return None
    try:
        return True, f"model makna terbaca ({analysis.check_embedding(folder())[:12]})"
    except analysis.EmbeddingUnavailable as problem:
        return False, str(problem)


def analyze(documents: list[analysis.Document], settings: analysis.Settings,
            *rest: Any) -> tuple[analysis.Result, analysis.Placer]:
    """`analysis.analyze_with_placer`; with a model that cannot be read it goes on without, and says so in a warning.

    A hall must not wait for a folder to be mended.
    """
    try:
        return analysis.analyze_with_placer(documents, settings, *rest)
    except analysis.EmbeddingUnavailable as problem:
        current_app.logger.warning("EMBEDDING_FOLDER: %s", problem)
        result, placer = analysis.analyze_with_placer(documents, replace(settings, embedding_folder=None), *rest)
        warning = analysis.Warning_("embedding_unavailable", str(problem))
        return replace(result, warnings=(*result.warnings, warning)), placer
