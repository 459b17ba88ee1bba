"""Confirmed themes with their line in the ledger, and sheets of assessors. Needs an application context."""
from collections.abc import Sequence

from sqlalchemy import select

from forum import audit
from forum.accounts.models import Account
from forum.consultations.models import Consultation, Dimension
from forum.db import db, utc_now, writing
from forum.priorities import services
from forum.review.models import Decision, Theme, ThemeMember


def make_theme(consultation_id: int, title: str, submission_ids: Sequence[int] = (), *, quotes: Sequence[int] = (),
               phrases: Sequence[str] = (), dimension: str | None = None, state: str = "confirmed") -> int:
    """A theme as the facilitator's confirmation leaves it; ``dimension`` is a code of the city pack."""
    members = list(submission_ids)
    with writing() as session:
        consultation = session.get_one(Consultation, consultation_id)
        theme = Theme(consultation_id=consultation_id, title=title, phrases=list(phrases), quotes=list(quotes),
                      state=state, created_at=utc_now(), dimension_id=session.scalar(select(Dimension.id).where(
                          Dimension.pack_id == consultation.pack_id, Dimension.code == dimension)))
        session.add(theme)
        session.flush()
        decision = Decision(consultation_id=consultation_id, kind="confirm", theme_id=theme.id, actor_name="Uji",
                            created_at=utc_now(), payload={"title": title, "members": members,
                                                           "phrases": list(phrases), "quotes": list(quotes)})
        session.add(decision)
        session.flush()
        session.add_all(ThemeMember(submission_id=submission_id, consultation_id=consultation_id, theme_id=theme.id,
                                    decision_id=decision.id) for submission_id in members)
        return theme.id


def score(theme_id: int, account_id: int, u: int, s: int, g: int, *, version: int = 0, note: str = "") -> int:
    """One assessor's sheet, through the service."""
    name = db.session.scalar(select(Account.name).where(Account.id == account_id)) or ""
    return services.score_theme(theme_id=theme_id, values={"U": u, "S": s, "G": g}, note=note, version=version,
                                actor=audit.Actor(account_id, name), now=utc_now())
