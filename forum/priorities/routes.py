"""Doors of priorities: the ranked list, and an assessor's sheet for one theme."""
from flask import Blueprint, Flask, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from forum.accounts.signed_in import actor
from forum.consultations.queries import consultation_or_404
from forum.db import utc_now
from forum.errors import StaleVersion
from forum.priorities import models, queries, services  # noqa: F401  (models: the tables of this room)
from forum.priorities.forms import sheet_form
from forum.priorities.queries import AssessorSheet
from forum.review.models import Theme
from forum.review.queries import theme_or_404
from forum.security import open_to
from forum.typed import row_id

bp = Blueprint("priorities", __name__, url_prefix="/staff")


@bp.get("/consultations/<int:consultation_id>/priorities")
@open_to("planner", "facilitator")
def ranking(consultation_id: int) -> str:
    """Planner, facilitator: the ranked themes with their firmness and support, and those not scored yet."""
    consultation = consultation_or_404(consultation_id)
    issues = queries.ranked_issues(consultation_id)
    criteria = queries.criteria_of(consultation_id)
    may_score = _may_score()
    next_id = queries.next_unscored(consultation_id, account_id=current_user.account_id) if may_score else None
    return render_template(
        "priorities/ranking.html", consultation=consultation, criteria=criteria,
        ranked=[issue for issue in issues if issue.ranked], unscored=[issue for issue in issues if not issue.ranked],
        representation=queries.representation(consultation_id, pack_id=consultation.pack_id),
        progress=queries.progress(consultation_id),
        may_score=may_score, next_theme_id=next_id)


@bp.route("/themes/<int:theme_id>/score", methods=["GET", "POST"])
@open_to("planner")
def score(theme_id: int) -> Response | str | tuple[str, int]:
    """Planner: one's own sheet for a theme; what others gave is shown only after one's own is stored."""
    theme = theme_or_404(theme_id)
    if theme.state != "confirmed":
        if request.method == "POST":
            raise services.ThemeNotConfirmed
        return _away_from(theme)
    consultation = consultation_or_404(theme.consultation_id)
    criteria = queries.criteria_of(consultation.id)
    sheets = queries.sheets_of(theme_id)
    own = _own(sheets)
    form = sheet_form(criteria, values=own.values if own else {}, note=own.note if own else "",
                      version=own.version if own else 0)
    status = 200
    if form.validate_on_submit():
        try:
            services.score_theme(theme_id=theme_id, values=form.values(), note=form.note.data or "",
                                 version=form.version.data, actor=actor(), now=utc_now())
        except StaleVersion as refusal:
            sheets = queries.sheets_of(theme_id)
            own = _own(sheets)
            form.say_stale(str(refusal), version=own.version if own else 0)
            status = refusal.status
        else:
            flash(_("Penilaian untuk “%(title)s” tersimpan.", title=theme.title), "success")
            return redirect(_after_saving(theme), 303)
    elif form.is_submitted():
        status = 422
    return render_template(
        "priorities/score.html", consultation=consultation, theme=theme, form=form, own=own,
        sheets=sheets if own else [], criteria=criteria, issue=queries.issue_of(theme),
        place=queries.place_among(consultation.id, account_id=current_user.account_id)), status


@bp.post("/themes/<int:theme_id>/score/withdraw")
@open_to("planner")
def withdraw(theme_id: int) -> Response:
    """Planner: take back one's own sheet."""
    services.withdraw_assessment(theme_id=theme_id, version=request.form.get("version", 0, type=row_id),
                                 actor=actor(), now=utc_now())
    flash(_("Penilaian Anda ditarik."), "success")
    return redirect(url_for("priorities.score", theme_id=theme_id), 303)


def _may_score() -> bool:
    return current_user.role in ("planner", "administrator")


def _own(sheets: list[AssessorSheet]) -> AssessorSheet | None:
    return next((sheet for sheet in sheets if sheet.account_id == current_user.account_id), None)


def _after_saving(theme: Theme) -> str:
    """The next theme that this assessor has not scored, or the ranking when all are done or it was asked for."""
    ranking_page = url_for("priorities.ranking", consultation_id=theme.consultation_id)
    if request.form.get("then") == "ranking":
        return ranking_page
    next_id = queries.next_unscored(theme.consultation_id, account_id=current_user.account_id, after=theme)
    return url_for("priorities.score", theme_id=next_id) if next_id else ranking_page


def _away_from(theme: Theme) -> Response:
    """A theme that was merged leads to the one that took it in; any other that is gone, to the ranking."""
    if theme.merged_into_id:
        flash(_("Tema “%(title)s” sudah digabung ke tema ini.", title=theme.title))
        return redirect(url_for("priorities.score", theme_id=theme.merged_into_id), 303)
    flash(_("Tema “%(title)s” tidak lagi ditetapkan.", title=theme.title), "warning")
    return redirect(url_for("priorities.ranking", consultation_id=theme.consultation_id), 303)


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
