"""Verbs of answers: respond to a theme, publish the results, take them back."""
from datetime import datetime
from http import HTTPStatus

from flask_babel import gettext as _

from forum import audit
from forum.answers import queries
from forum.answers.models import Publication, Response
from forum.consultations.models import Consultation
from forum.db import hold, writing
from forum.errors import ForumError, NotFound, StaleVersion
from forum.review.models import Theme
from forum.typed import clean_text

STATUSES = ("accommodated", "partly", "not")
MAX_TEXT_CHARACTERS = 3000


class UnusableResponse(ForumError):
    """A response needs a status and a reason."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY


class ThemeNotConfirmed(ForumError):
    """Only a theme that stands can be answered."""


def respond(*, theme_id: int, status: str, text: str, version: int, actor: audit.Actor, now: datetime) -> None:
    """Write or change the official response to a theme. ``version`` is 0 for the first one."""
    text = clean_text(text)
    if status not in STATUSES:
        raise UnusableResponse(_("Pilih satu: diakomodasi, sebagian, atau tidak."))
    if len(text) < 10:
        raise UnusableResponse(_("Tulis alasannya, paling sedikit 10 karakter: peserta membacanya."))
    if len(text) > MAX_TEXT_CHARACTERS:
        raise UnusableResponse(_("Paling banyak %(count)s karakter.", count=MAX_TEXT_CHARACTERS))
    with writing() as session:
        theme = hold(Theme, theme_id)
        if theme is None:
            raise NotFound
        if theme.state != "confirmed":
            raise ThemeNotConfirmed(_("Tema ini sudah digabung atau dibubarkan. Buka daftar tema yang baru."))
        response = queries.response_of(theme_id)
        if (response.version if response else 0) != version:
            raise StaleVersion(_("Tanggapan ini baru saja diubah %(name)s. Isi terbaru: “%(text)s”",
                                 name=response.actor_name if response else "", text=response.text if response else ""))
        if response is None:
            response = Response(theme_id=theme_id, status=status, text=text, actor_name=actor.name, changed_at=now)
            session.add(response)
            session.flush()
        else:
            response.status, response.text, response.actor_name = status, text, actor.name
            response.changed_at, response.version = now, response.version + 1
        audit.record(actor=actor, action="answers.respond", subject_type="theme", subject_id=theme_id,
                     consultation_id=theme.consultation_id, now=now, status=status, version=response.version)


def publish(*, consultation_id: int, actor: audit.Actor, now: datetime) -> None:
    """Make the results page of a consultation public; publishing twice changes nothing."""
    with writing() as session:
        if hold(Consultation, consultation_id) is None:
            raise NotFound
        if session.get(Publication, consultation_id):
            return
        session.add(Publication(consultation_id=consultation_id, published_at=now, actor_name=actor.name))
        audit.record(actor=actor, action="answers.publish", subject_type="consultation", subject_id=consultation_id,
                     consultation_id=consultation_id, now=now)


def unpublish(*, consultation_id: int, actor: audit.Actor, now: datetime) -> None:
    """Take the results page back."""
    with writing() as session:
        publication = hold(Publication, consultation_id)
        if publication is None:
            return
        session.delete(publication)
        audit.record(actor=actor, action="answers.unpublish", subject_type="consultation",
                     subject_id=consultation_id, consultation_id=consultation_id, now=now)
