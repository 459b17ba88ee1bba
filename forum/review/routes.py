"""Doors of review: the board, runs, the ledger. Doors of themes and groups: theme_routes."""
from flask import Flask, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from forum import jobs
from forum.accounts.signed_in import actor
from forum.consultations.queries import consultation_or_404
from forum.db import utc_now
from forum.errors import ForumError, NotFound
from forum.review import analyzing, job_routes, queries, services, stages, theme_routes, wording
from forum.review import changes as run_changes
from forum.review.forms import RUN_STATES
from forum.review.models import AnalysisRun
from forum.review.pages import board_page, bp, can_decide, ledger_page, map_page
from forum.review.running import GRANULARITIES, JOB_KIND, MIDDLE
from forum.security import open_to
from forum.submissions.models import Submission

__all__ = ["theme_routes"]


def init_app(app: Flask) -> None:
    """Set up the room: its doors, the job that analyzes, its part of the receipt."""
    app.register_blueprint(bp)
    app.add_template_filter(wording.warning_text)
    job_routes.init_app(app)
    jobs.handler(app, JOB_KIND, analyzing.analyze)
    stages.name_stages(app, JOB_KIND, stages.ANALYSIS_STAGES)
    app.extensions.setdefault("forum_receipt_parts", []).append(receipt_part)


@bp.get("/consultations/<int:consultation_id>/themes")
@open_to("facilitator", "planner")
def board(consultation_id: int) -> tuple[str, int]:
    """Facilitator, planner: what the analysis proposes, what is decided, what fits nowhere."""
    return board_page(consultation_id)


@bp.post("/consultations/<int:consultation_id>/runs")
@open_to("facilitator")
def start_run(consultation_id: int) -> Response | tuple[str, int]:
    """Facilitator: analyze everything that is accepted now."""
    consultation_or_404(consultation_id)
    granularity = request.form.get("granularity", MIDDLE, type=float)
    try:
        run_id = services.start_run(consultation_id=consultation_id, actor=actor(), now=utc_now(),
                                    granularity=granularity if granularity in GRANULARITIES else MIDDLE)
    except ForumError as refusal:
        return board_page(consultation_id, refusal=refusal)
    return redirect(url_for("review.progress", run_id=run_id), 303)


@bp.get("/runs/<int:run_id>")
@open_to("facilitator", "planner")
def progress(run_id: int) -> Response | str:
    """Facilitator, planner: how far a run is; when it is done, what it brought."""
    run = queries.run_or_404(run_id)
    if run.state == "done":
        return redirect(url_for("review.run", run_id=run_id), 303)
    consultation = consultation_or_404(run.consultation_id)
    job = queries.job_or_404(run.job_id or 0)
    return render_template("review/progress.html", consultation=consultation, run=run, job=job,
                           stages=stages.ANALYSIS_STAGES, can_decide=can_decide(),
                           state_name=RUN_STATES[_outcome(run, job)],
                           is_under_way=_outcome(run, job) in ("queued", "running"))


@bp.get("/runs/<int:run_id>/changes")
@open_to("facilitator", "planner")
def run(run_id: int) -> str:
    """Facilitator, planner: what a finished run brought, set beside the one before."""
    analysis_run = _finished(run_id)
    consultation = consultation_or_404(analysis_run.consultation_id)
    return render_template("review/run.html", consultation=consultation, run=analysis_run,
                           changes=run_changes.changes(analysis_run))


@bp.get("/runs/<int:run_id>/map")
@open_to("facilitator", "planner")
def run_map(run_id: int) -> str:
    """Facilitator, planner: where the groups and entries of a finished run lie."""
    return map_page(_finished(run_id))


@bp.get("/consultations/<int:consultation_id>/decisions")
@open_to("facilitator", "planner")
def ledger(consultation_id: int) -> tuple[str, int]:
    """Facilitator, planner: every decision, newest first."""
    return ledger_page(consultation_id)


@bp.post("/decisions/<int:decision_id>/undo")
@open_to("facilitator")
def undo(decision_id: int) -> Response | tuple[str, int]:
    """Facilitator: undo a decision, or all that one act wrote, or bring back what was undone."""
    decision = queries.decision_or_404(decision_id)
    consultation_id, brings_back = decision.consultation_id, decision.kind == "undo"
    to_ledger = request.form.get("to") == "ledger"
    try:
        count = services.undo(decision_id=decision_id, actor=actor(), now=utc_now(),
                              whole_act=request.form.get("whole") == "yes")
    except ForumError as refusal:
        return (ledger_page if to_ledger else board_page)(consultation_id, refusal=refusal)
    if count > 1:
        flash(_("%(count)s keputusan dikembalikan.", count=count) if brings_back
              else _("%(count)s keputusan diurungkan.", count=count), "success")
    else:
        flash(_("Keputusan dikembalikan.") if brings_back else _("Keputusan diurungkan."), "success")
    endpoint = "review.ledger" if to_ledger else "review.board"
    return redirect(url_for(endpoint, consultation_id=consultation_id), 303)


def receipt_part(submission: Submission) -> dict[str, object] | None:
    """On a receipt: the theme that the entry went to, or that it was set aside, and why."""
    if submission.state != "accepted":
        return None
    place = queries.place_of(submission.id)
    if place is None:
        return None
    theme, decision = place
    return {"template": "review/_receipt.html", "theme_title": theme.title if theme else None,
            "step": _("Masuk tema “%(title)s”.", title=theme.title) if theme
            else _("Dibaca petugas, tidak dimasukkan ke tema."),
            "decided_at": decision.created_at, "reason": decision.reason}


def _finished(run_id: int) -> AnalysisRun:
    analysis_run = queries.run_or_404(run_id)
    if analysis_run.state != "done":
        raise NotFound(_("Analisis ini belum selesai."))
    return analysis_run


def _outcome(analysis_run: AnalysisRun, job: jobs.Job) -> str:
    """A run whose worker died or was stopped early ended as its job did."""
    return job.state if job.is_finished and analysis_run.state in ("queued", "running") else analysis_run.state
