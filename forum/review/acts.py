"""What one tap wrote: a pasted list of themes makes many lines of the ledger, and is taken back as it came."""
from collections import defaultdict

from sqlalchemy import select

from forum.db import db
from forum.review.ledger import Line
from forum.review.models import Decision


def lines_and_acts(consultation_id: int) -> tuple[list[Line], dict[int, tuple[int, ...]]]:
    """Which line undoes which, without reading what the lines say, and for every line those of its act, ascending.

    An act is what one person decided at one moment: its lines are written in one transaction, with one time.
    """
    lines: list[Line] = []
    found: defaultdict[tuple, list[int]] = defaultdict(list)
    rows = db.session.execute(
        select(Decision.id, Decision.kind, Decision.undoes_id, Decision.actor_id, Decision.created_at)
        .where(Decision.consultation_id == consultation_id).order_by(Decision.id))
    for line_id, kind, undoes_id, actor_id, moment in rows:
        lines.append(Line(line_id, kind, undoes_id=undoes_id))
        found[kind, actor_id, moment].append(line_id)
    return lines, {line_id: tuple(line_ids) for line_ids in found.values() for line_id in line_ids}
