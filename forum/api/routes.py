"""Doors of open data: published results as JSON, and the document that describes it."""
from flask import Blueprint, Flask, Response, jsonify

from forum.answers.queries import publication_of, responses_by_theme
from forum.api.openapi import DOCUMENT
from forum.consultations.queries import consultation_or_404
from forum.errors import NotFound
from forum.priorities.issues import Issue, without_small_cells
from forum.priorities.queries import ranked_issues
from forum.security import open_to

bp = Blueprint("api", __name__, url_prefix="/api")


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)


@bp.get("/openapi.json")
@open_to("public")
def openapi() -> Response:
    """Anybody: the OpenAPI document."""
    return jsonify(DOCUMENT)


@bp.get("/v1/consultations/<int:consultation_id>/issues")
@open_to("public")
def issues(consultation_id: int) -> Response:
    """Anybody: the ranked issues of a published consultation."""
    publication = publication_of(consultation_id)
    if publication is None:
        raise NotFound
    consultation = consultation_or_404(consultation_id)
    responses = responses_by_theme(consultation_id)
    return jsonify(
        consultation={"id": consultation.id, "title": consultation.title, "controller": consultation.controller,
                      "is_sample": consultation.is_sample, "published_at": publication.published_at.isoformat()},
        issues=[_as_json(issue, responses.get(issue.theme_id)) for issue in ranked_issues(consultation_id)])


def _as_json(issue: Issue, response: object) -> dict[str, object]:
    """One issue: nothing in it points at a person, and small counts of people cannot be worked out."""
    return {
        "code": issue.code,
        "title": issue.title,
        "phrases": list(issue.phrases),
        "dimension": issue.dimension.code if issue.dimension else None,
        "rank": issue.ranked.rank if issue.ranked else None,
        "score": round(issue.ranked.total, 2) if issue.ranked else None,
        "n_assessors": issue.ranked.n_assessors if issue.ranked else 0,
        "n_people": issue.support.n_people,
        "n_submissions": issue.support.n_entries,
        "people_by_group": {name.code: n_people for name, n_people in without_small_cells(issue.support.by_group)},
        "quotes": [quote.text for quote in issue.quotes],
        "response": {"status": response.status, "text": response.text} if response else None,
    }
