"""Named reads of responses and publications."""
from sqlalchemy import select

from forum.answers.models import Publication, Response
from forum.db import db
from forum.review.models import Theme, ThemeMember


def response_of(theme_id: int) -> Response | None:
    return db.session.scalar(select(Response).where(Response.theme_id == theme_id))


def responses_by_theme(consultation_id: int) -> dict[int, Response]:
    rows = db.session.scalars(select(Response).join(Theme, Theme.id == Response.theme_id).where(
        Theme.consultation_id == consultation_id, Theme.state == "confirmed"))
    return {response.theme_id: response for response in rows}


def response_to_submission(submission_id: int) -> Response | None:
    """The response to the theme that an entry went to, if both are there."""
    return db.session.scalar(
        select(Response).join(Theme, Theme.id == Response.theme_id)
        .join(ThemeMember, ThemeMember.theme_id == Theme.id)
        .where(ThemeMember.submission_id == submission_id, Theme.state == "confirmed"))


def publication_of(consultation_id: int) -> Publication | None:
    return db.session.get(Publication, consultation_id)
