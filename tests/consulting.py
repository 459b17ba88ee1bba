"""A consultation as a facilitator enters it, and what was stored of it."""
import re

from builders import make_consultation, make_pack, noise
from sqlalchemy import select

from forum.audit import AuditEntry
from forum.db import db

CREATE = "/staff/consultations/new"

FACTS = {
    "title": "Forum untuk kota uji", "purpose": "Mendengar masalah dan usulan sebagai bahan rencana kota.",
    "controller": "Dinas Uji Kota", "contact": "kantor@contoh.example", "privacy_officer": "Pejabat Data",
    "retention_months": "24", "moderation": "after", "asks_contact": "y",
}

SITTING = {"title": "Sesi pagi", "place": "Aula uji", "date": "2027-01-20", "time": "09:00"}


def pack_in(app):
    with app.app_context():
        return make_pack()


def consultation_in(app, pack_id):
    with app.app_context():
        first = make_consultation(pack_id=pack_id)
        noise()
        return first


def created_id(answer):
    assert answer.status_code == 303, answer.text
    return int(re.search(r"/(\d+)", answer.headers["Location"]).group(1))


def stored(app, model, row_id):
    with app.app_context():
        return db.session.get(model, row_id)


def actions(app, **filters):
    with app.app_context():
        return [entry.action for entry in db.session.scalars(select(AuditEntry).filter_by(**filters)
                                                             .order_by(AuditEntry.id))]
