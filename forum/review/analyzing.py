"""The job that runs an analysis: read, calculate outside any transaction, store. Repeatable after a crash."""
from dataclasses import dataclass, replace

from sqlalchemy import select

import analysis
from forum import jobs
from forum.consultations.queries import consultation_or_404, place_names
from forum.db import db, utc_now, writing
from forum.review import projection, stages, storing, word_model
from forum.review.background import Background, background
from forum.review.earlier import earlier_run
from forum.review.ledger import Ledger
from forum.review.models import AnalysisRun
from forum.submissions.queries import texts_for_analysis

_READ_SHARE, _STORE_SHARE = 0.03, 0.9  # of the whole work: read until here, store from here


@dataclass(frozen=True, slots=True)
class _Found:
    """The result, what places later entries in it, the version of each entry that was read, the groups before."""

    result: analysis.Result
    placer: analysis.Placer
    versions: dict[int, int]
    earlier: tuple[analysis.EarlierCluster, ...]


def analyze(handle: jobs.Handle) -> None:
    """Handle one job of kind ``analyze``; its payload names the run."""
    run_id: int = handle.payload["run_id"]
    consultation_id = _begin(run_id)
    if consultation_id is None:
        return
    try:
        storing.forget_half_written(run_id)
        handle.report(stages.READ, 0.0)
        known = background(consultation_or_404(consultation_id))
        found = _calculate(handle, run_id, consultation_id, known)
        storing.store(run_id, found.result, found.versions, lambda share: handle.report(
            stages.STORE, _STORE_SHARE + (1 - _STORE_SHARE) * share), found.earlier)
        storing.finish(run_id, found.result, found.placer, known.as_setting(), utc_now())
    except jobs.Cancelled:
        _end(run_id, "cancelled")
        raise
    except Exception:
        _end(run_id, "failed")
        raise


def _begin(run_id: int) -> int | None:
    """Mark the run as running and return its consultation; ``None`` when it has ended already."""
    with writing() as session:
        run = session.get(AnalysisRun, run_id)
        if run is None or run.state not in ("queued", "running"):
            return None
        run.state = "running"
        return run.consultation_id


def _end(run_id: int, state: str) -> None:
    with writing() as session:
        run = session.get(AnalysisRun, run_id)
        if run is not None and run.state == "running":
            run.state, run.finished_at = state, utc_now()


def _calculate(handle: jobs.Handle, run_id: int, consultation_id: int, known: Background) -> _Found:
    texts = texts_for_analysis(consultation_id)
    settings = analysis.Settings(granularity=float(_run_settings(run_id).get("granularity", 1.0)),
                                 place_names=_place_names(consultation_id),
                                 embedding_folder=word_model.folder())
    versions = {submission_id: version for submission_id, _text, version in texts}
    before = earlier_run(consultation_id, versions)
    guidance = replace(guidance_from(projection.replayed(db.session, consultation_id), set(versions)), earlier=before)
    # A transaction that stays open while the analysis works would keep the database's log from shrinking.
    db.session.rollback()
    documents = [analysis.Document(submission_id, text) for submission_id, text, _version in texts]
    result, placer = word_model.analyze(
        documents, settings, guidance,
        lambda stage, share: handle.report(stage, _READ_SHARE + (_STORE_SHARE - _READ_SHARE) * share),
        known.texts)
    return _Found(result, placer, versions, before.clusters if before else ())


def guidance_from(ledger: Ledger, present: set[int]) -> analysis.Guidance:
    """What people decided, in the words of the analysis: themes by their id, and what is set aside.

    A theme without an entry takes part by its title.
    """
    themes = tuple(
        analysis.Theme(key=str(theme_id), members=tuple(one for one in theme.members if one in present),
                       title=theme.title)
        for theme_id, theme in sorted(ledger.confirmed.items()))
    return analysis.Guidance(themes=themes, set_aside=frozenset(ledger.set_aside & present))


def _run_settings(run_id: int) -> dict[str, object]:
    return db.session.scalar(select(AnalysisRun.settings).where(AnalysisRun.id == run_id)) or {}


def _place_names(consultation_id: int) -> tuple[str, ...]:
    """Names of districts and villages with the old names that people still use, in a fixed order."""
    return tuple(sorted(set(place_names(consultation_or_404(consultation_id).pack_id))))
