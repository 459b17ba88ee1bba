"""Doors of answers: respond to themes, publish, and the public page "what we heard, what we do"."""
from flask import Blueprint, Flask, Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from forum.accounts.signed_in import actor
from forum.answers import queries, services
from forum.answers.forms import STATUS_NAMES, STATUS_PILLS, ResponseForm
from forum.consultations.queries import consultation_or_404
from forum.db import utc_now
from forum.errors import ForumError, NotFound, StaleVersion
from forum.priorities.issues import issue_code, without_small_cells
from forum.priorities.queries import ranked_issues
from forum.review.queries import theme_or_404
from forum.security import open_to
from forum.submissions.models import Submission

bp = Blueprint("answers", __name__)


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    app.extensions.setdefault("forum_receipt_parts", []).append(receipt_part)


@bp.get("/staff/consultations/<int:consultation_id>/responses")
@open_to("planner", "facilitator")
def index(consultation_id: int) -> str:
    """Planner, facilitator: every theme with its response; publishing."""
    consultation = consultation_or_404(consultation_id)
    return render_template(
        "answers/index.html", consultation=consultation, issues=ranked_issues(consultation_id),
        responses=queries.responses_by_theme(consultation_id), publication=queries.publication_of(consultation_id),
        status_names=STATUS_NAMES, status_pills=STATUS_PILLS)


@bp.route("/staff/themes/<int:theme_id>/response", methods=["GET", "POST"])
@open_to("planner")
def respond(theme_id: int) -> Response | tuple[str, int]:
    """Planner: write or change the official response to a theme."""
    theme = theme_or_404(theme_id)
    consultation = consultation_or_404(theme.consultation_id)
    response = queries.response_of(theme_id)
    form = ResponseForm(obj=response)
    status = 200
    if form.validate_on_submit():
        try:
            services.respond(theme_id=theme_id, status=form.status.data or "", text=form.text.data or "",
                             version=form.version.data, actor=actor(), now=utc_now())
        except StaleVersion as refusal:
            stored = queries.response_of(theme_id)
            form.say_stale(str(refusal), version=stored.version if stored else 0)
            status = refusal.status
        except ForumError as refusal:
            form.text.errors = [str(refusal)]
            status = refusal.status
        else:
            flash(_("Tanggapan tersimpan."), "success")
            return redirect(url_for("answers.index", consultation_id=consultation.id, _anchor=f"t{theme_id}"), 303)
    elif form.is_submitted():
        status = 422
    return render_template("answers/respond.html", consultation=consultation, theme=theme, form=form,
                           code=issue_code(theme_id)), status


@bp.post("/staff/consultations/<int:consultation_id>/responses/publish")
@open_to("planner")
def publish(consultation_id: int) -> Response:
    """Planner: make the results public."""
    services.publish(consultation_id=consultation_id, actor=actor(), now=utc_now())
    flash(_("Hasil sudah terbuka untuk umum."), "success")
    return redirect(url_for("answers.index", consultation_id=consultation_id), 303)


@bp.post("/staff/consultations/<int:consultation_id>/responses/unpublish")
@open_to("planner")
def unpublish(consultation_id: int) -> Response:
    """Planner: take the results page back."""
    services.unpublish(consultation_id=consultation_id, actor=actor(), now=utc_now())
    flash(_("Hasil tidak lagi terbuka untuk umum."), "success")
    return redirect(url_for("answers.index", consultation_id=consultation_id), 303)


@bp.get("/c/<int:consultation_id>/results")
@open_to("public")
def public(consultation_id: int) -> str:
    """Anybody: what we heard, what we do. Not found until it is published."""
    publication = queries.publication_of(consultation_id)
    if publication is None:
        raise NotFound(_("Hasil konsultasi ini belum dibuka untuk umum."))
    consultation = consultation_or_404(consultation_id)
    issues = ranked_issues(consultation_id)
    groups = {issue.theme_id: without_small_cells(issue.support.by_group) for issue in issues}
    return render_template(
        "answers/public.html", shown=consultation, publication=publication, issues=issues, groups=groups,
        incomplete={issue.theme_id for issue in issues
                    if sum(n_people is not None for _name, n_people in groups[issue.theme_id])
                    < len(issue.support.by_group)},
        responses=queries.responses_by_theme(consultation_id), status_names=STATUS_NAMES, status_pills=STATUS_PILLS)


def receipt_part(submission: Submission) -> dict[str, object] | None:
    """On a receipt: the official response to the theme that the entry went to."""
    response = queries.response_to_submission(submission.id)
    if response is None:
        return None
    return {"template": "answers/_receipt.html", "step": _("Ditanggapi secara resmi."), "response": response,
            "status_names": STATUS_NAMES, "status_pills": STATUS_PILLS}
