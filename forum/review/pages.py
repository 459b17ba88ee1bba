"""The pages of this room, also as they look after a refusal: with the reason on top and what was typed."""
from flask import Blueprint, render_template, request
from flask_babel import gettext as _
from flask_login import current_user

from forum.consultations.models import Dimension
from forum.consultations.queries import consultation_or_404
from forum.consultations.questions import asked_of
from forum.errors import ForumError, NotFound
from forum.review import board as review_board
from forum.review import entries, history, newcomers, queries, wording
from forum.review.forms import (
    DECISION_ICONS,
    DECISION_NAMES,
    FIRMNESS_NAMES,
    FIRMNESS_PILLS,
    GRANULARITY_NAMES,
    STRENGTH_NAMES,
    STRENGTH_PILLS,
    THEME_STATES,
    USUAL_REASONS,
    firmness,
)
from forum.review.models import AnalysisRun
from forum.review.theme_map import theme_map
from forum.submissions.answering import lines_by_entry
from forum.submissions.forms import APPROACH_NAMES
from forum.typed import row_id

bp = Blueprint("review", __name__, url_prefix="/staff")


@bp.app_context_processor
def _explaining() -> dict[str, object]:
    """Words for what the analysis tells, for the macros of ``review/_explained.html``."""
    return {"firmness": firmness, "firmness_names": FIRMNESS_NAMES, "firmness_pills": FIRMNESS_PILLS,
            "approach_names": APPROACH_NAMES, "why_moved": wording.why_moved}


def board_page(consultation_id: int, *, refusal: ForumError | None = None) -> tuple[str, int]:
    """The board; after a refusal with its message and status, and with the fields as they were sent."""
    consultation = consultation_or_404(consultation_id)
    board = review_board.board(consultation, after=request.args.get("after", 0, type=row_id),
                               before=request.args.get("before", type=row_id))
    return render_template(
        "review/board.html", consultation=consultation, board=board, newcomers=newcomers.since(board.run),
        can_decide=can_decide(),
        refusal=refusal, typed=request.form if refusal else {}, granularity_names=GRANULARITY_NAMES,
        dimensions=board.dimensions,
        usual_reasons=USUAL_REASONS), refusal.status if refusal else 200


def cluster_page(cluster_id: int, *, refusal: ForumError | None = None) -> tuple[str, int]:
    """One proposed group with all its entries."""
    cluster = queries.cluster_or_404(cluster_id)
    run = queries.run_or_404(cluster.run_id)
    consultation = consultation_or_404(run.consultation_id)
    listed, titles, n_entries = entries.of_cluster(cluster)
    chosen = set(request.form.getlist("submission_ids", type=row_id)) if refusal else None
    return render_template(
        "review/cluster.html", consultation=consultation, run=run, cluster=cluster,
        dimensions=_dimensions_by_code(consultation.pack_id), entries=listed, titles=titles,
        answers=_answers(consultation.id, listed),
        n_entries=n_entries, n_undecided=len(queries.undecided_members(cluster_id)), chosen=chosen,
        is_latest=run.id == getattr(queries.latest_run(consultation.id), "id", None), can_decide=can_decide(),
        refusal=refusal, typed=request.form if refusal else {}, strength_names=STRENGTH_NAMES,
        strength_pills=STRENGTH_PILLS, usual_reasons=USUAL_REASONS), refusal.status if refusal else 200


def theme_page(theme_id: int, *, refusal: ForumError | None = None) -> tuple[str, int]:
    """One theme: its members, weak ones first, what the analysis would add, and its history."""
    theme = queries.theme_or_404(theme_id)
    consultation = consultation_or_404(theme.consultation_id)
    is_live = theme.state == "confirmed"
    members, next_after = entries.members_weak_first(theme, after=_key(request.args.get("after", "")))
    suggested, n_suggested = entries.suggestions(theme) if is_live else ([], 0)
    counts = {theme_id: len(ids) for theme_id, ids in queries.members_of_themes(consultation.id).items()}
    dimensions = queries.dimensions_of(consultation.pack_id)
    return render_template(
        "review/theme.html", consultation=consultation, theme=theme, is_live=is_live,
        answers=_answers(consultation.id, members + suggested),
        gone="" if is_live else wording.where_it_went(theme), members=members, next_after=next_after,
        n_members=counts.get(theme.id, 0), suggested=suggested, n_suggested=n_suggested,
        n_new=queries.n_new_suggested(theme) if suggested else 0,
        others=[one for one in queries.themes_confirmed(consultation.id) if one.id != theme.id],
        dimensions=dimensions, dimension=next((one for one in dimensions if one.id == theme.dimension_id), None),
        lineage=history.of_theme(consultation.id, theme.id), names=DECISION_NAMES, icons=DECISION_ICONS,
        can_decide=can_decide(), chosen=set(request.form.getlist("submission_ids", type=row_id)) if refusal else set(),
        refusal=refusal, typed=request.form if refusal else {}, strength_names=STRENGTH_NAMES,
        strength_pills=STRENGTH_PILLS, theme_states=THEME_STATES,
        usual_reasons=USUAL_REASONS), refusal.status if refusal else 200


def map_page(run: AnalysisRun) -> str:
    """Where the groups and entries of a finished run lie."""
    consultation = consultation_or_404(run.consultation_id)
    drawn = theme_map(run)
    dot_size = max(0.4, min(2.0, 30 / max(drawn.n_entries, 1) ** 0.5))
    return render_template("review/map.html", consultation=consultation, run=run, map=drawn,
                           dot_size=round(dot_size, 2), dimensions=_dimensions_by_code(consultation.pack_id))


def _dimensions_by_code(pack_id: int) -> dict[str, Dimension]:
    return {dimension.code: dimension for dimension in queries.dimensions_of(pack_id)}


def ledger_page(consultation_id: int, *, refusal: ForumError | None = None) -> tuple[str, int]:
    """Every decision in words, newest first."""
    consultation = consultation_or_404(consultation_id)
    lines, next_before = history.page(consultation_id, before=request.args.get("before", type=row_id))
    return render_template(
        "review/ledger.html", consultation=consultation, lines=lines, next_before=next_before,
        names=DECISION_NAMES, icons=DECISION_ICONS, can_decide=can_decide(),
        refusal=refusal), refusal.status if refusal else 200


def _answers(consultation_id: int, listed: list[entries.Entry]) -> dict[int, list[tuple[str, str]]]:
    return lines_by_entry([entry.submission_id for entry in listed], asked_of(consultation_id))


def can_decide() -> bool:
    """Facilitators change, planners read."""
    return current_user.role in ("facilitator", "administrator")


def _key(text: str) -> tuple[float, int] | None:
    """Where the next page continues: confidence and id of the last entry shown."""
    if not text:
        return None
    confidence, _separator, submission_id = text.partition("_")
    try:
        return float(confidence), row_id(submission_id)
    except ValueError:
        raise NotFound(_("Halaman ini tidak ada.")) from None
