"""A participant's phone for tests: it opens the form, fills it in, sends it, and looks at what was stored."""
import gzip
import re
from datetime import timedelta
from html import unescape

from builders import make_consultation, make_forum_session, noise

from forum.consultations.models import Consultation, ForumSession
from forum.db import db, utc_now, writing
from forum.security import new_participant_key
from forum.submissions.models import Submission, SubmissionVersion

FORM = "/s/KRM479"
FROM_OUR_PAGE = {"Sec-Fetch-Site": "same-origin"}
JSON = {**FROM_OUR_PAGE, "Accept": "application/json"}
BODY = "Selokan di depan pasar mampet, air masuk ke kios setiap hujan."
PROBLEM = {"kind": "problem", "body": BODY, "group": "resident", "area": "99.01.1001", "consent": "y"}


def open_sitting(app):
    """Id of an open sitting with the code KRM479, in a house where another consultation runs too."""
    with app.app_context():
        forum_session_id = make_forum_session(make_consultation(title="Forum kota uji"))
        noise()
        return forum_session_id


def known_key(app):
    """The key of a phone that opened the form an hour ago."""
    with app.app_context():
        return new_participant_key(utc_now() - timedelta(hours=1))


def known_phone(app):
    """A phone that opened the form an hour ago: fair limits count it among those that are known."""
    phone = app.test_client()
    phone.set_cookie("participant", known_key(app))
    return phone


def hidden_fields(page):
    return {name: unescape(value) for name, value in re.findall(
        r'<input id="\w+" name="(\w+)" type="hidden" value="([^"]*)"', page)}


def send(client, fields=None, **changes):
    """Open the form, fill it in, send it; what is not changed is a valid problem."""
    fields = {**hidden_fields(client.get(FORM).text), **PROBLEM} if fields is None else fields
    return client.post(FORM, data={**fields, **changes}, headers=FROM_OUR_PAGE)


def sent(client, **changes):
    """The receipt path of a fresh entry."""
    answer = send(client, **changes)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"].partition("?")[0]


def stored(app):
    """Every entry of the sitting KRM479 with its versions, as plain values."""
    with app.app_context():
        rows = db.session.execute(
            db.select(Submission, SubmissionVersion).join(
                SubmissionVersion, SubmissionVersion.submission_id == Submission.id)
            .join(ForumSession, ForumSession.id == Submission.forum_session_id)
            .where(ForumSession.join_code == "KRM479").order_by(Submission.id, SubmissionVersion.number))
        return [{**{column.key: getattr(row, column.key) for column in row.__table__.columns}, "state": entry.state,
                 "entry": entry.id, "group": entry.group and entry.group.code, "area": entry.area and entry.area.code,
                 "participant": entry.participant_digest, "key": entry.key, "receipt": entry.receipt_code}
                for entry, row in rows]


def bytes_on_the_wire(client, path):
    """Compressed bytes of a page and of everything that it loads from this site, by path."""
    packed = {"Accept-Encoding": "gzip"}
    with client.get(path, headers=packed) as page:
        weights = {path: len(page.data)}
        text = gzip.decompress(page.data).decode()
    assert not re.search(r'(?:src|href)="(?!/|#|data:,|tel:)', text)
    for address in re.findall(r'<(?:script|link|img)\b[^>]*(?:src|href)="(/[^"]+)"', text):
        with client.get(unescape(address), headers=packed) as loaded:
            assert loaded.headers["Content-Encoding"] == "gzip"
            weights[address] = len(loaded.data)
    return weights


def change(app, table, identifier, **values):
    with app.app_context(), writing() as session:
        row = session.get(table, identifier)
        for name, value in values.items():
            setattr(row, name, value)


def close_sitting(app, forum_session_id):
    change(app, ForumSession, forum_session_id, state="closed", closed_at=utc_now())


def close_consultation(app, forum_session_id):
    with app.app_context():
        consultation_id = db.session.get(ForumSession, forum_session_id).consultation_id
    change(app, Consultation, consultation_id, state="closed")


def correct(client, path, number=None, **changes):
    page = client.get(path + "/correct").text
    fields = {**PROBLEM, **hidden_fields(page), **changes}
    if number is not None:
        fields["number"] = number
    return client.post(path + "/correct", data=fields, headers=FROM_OUR_PAGE)
