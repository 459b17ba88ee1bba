"""Doors of exports: what the files hold, the files themselves, and which have left."""
from flask import Blueprint, Flask, Response, make_response, render_template

from forum.accounts.signed_in import actor
from forum.consultations.queries import consultation_or_404
from forum.consultations.questions import asked_of
from forum.db import utc_now
from forum.exports import models, queries, services  # noqa: F401  (models: the tables of this room)
from forum.review.queries import accounting
from forum.security import open_to

bp = Blueprint("exports", __name__, url_prefix="/staff/consultations/<int:consultation_id>/exports")


@bp.get("")
@open_to("planner")
def index(consultation_id: int) -> str:
    """Planner: what is in a file, a button per format, and the history with hashes."""
    return render_template(
        "exports/index.html", consultation=consultation_or_404(consultation_id),
        issue_list=queries.issue_list(consultation_id), has_questions=bool(asked_of(consultation_id)),
        accounting=accounting(consultation_id),
        records=queries.records_of(consultation_id))


@bp.get("/issues.<fmt>")
@open_to("planner")
def download(consultation_id: int, fmt: str) -> Response:
    """Planner: the list as CSV, XLSX or JSON; the download is recorded."""
    data, filename, media_type = services.export(consultation_id=consultation_id, fmt=fmt, actor=actor(),
                                                 now=utc_now())
    response = make_response(data)
    response.headers["Content-Type"] = media_type
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
