"""The page with the form: made once for all phones that would see the same, and filled in for one that sent it."""
from uuid import uuid4

from flask import Response, current_app, render_template, request, session

from forum.consultations.halls import Hall
from forum.consultations.models import ForumSession
from forum.consultations.queries import forum_session_or_404
from forum.i18n import language
from forum.packing import Template
from forum.submissions import queries, receipt, rules
from forum.submissions.forms import KIND_HINTS, KIND_ICONS, SubmissionForm, asking
from forum.typed import uuid_of

MAX_KEPT = 500
"""Pages kept in memory; a city of 6 groups and 27 villages has 168 of them in each language."""

_KEY = "00000000-0000-4000-8000-000000000000"
_RECEIPT = "0" * receipt.LENGTH
"""What a kept page carries in the place of the key and the receipt, which are new on every phone."""


def fresh(hall: Hall, group: str, area: str) -> Response:
    """An empty form with a key and a receipt of its own, and what the phone remembers: group and area."""
    kept: dict[tuple[Hall, str, str, str], Template] = current_app.extensions.setdefault("forum_form_pages", {})
    name = (hall, language(), *_known(hall, group, area))
    has_message = _has_message()
    page = None if has_message else kept.get(name)
    if page is None:
        idea = idea_form(hall)
        idea.group.data, idea.area.data = name[2:]
        idea.key.data, idea.receipt.data = _KEY, _RECEIPT
        page = Template(render(hall, idea), (_KEY, _RECEIPT))
        if len(kept) >= MAX_KEPT:
            kept.clear()
        if not has_message:
            kept[name] = page
    return page.response({_KEY: str(uuid4()), _RECEIPT: receipt.new()})


def render(hall: Hall, idea: SubmissionForm, warning: str = "") -> str:
    """The form as filled so far; a form without a usable key gets a fresh key and receipt."""
    forum_session = sitting(hall)
    consultation = forum_session.consultation
    if key(idea.key.data) is None:
        idea.key.data, idea.receipt.data = str(uuid4()), receipt.new()
    notice_id = str(hall.notice_ids[0])
    if idea.notice.data != notice_id:
        idea.notice.data, idea.consent.data = notice_id, False  # nobody has agreed to this one yet
        if idea.contact_consent:
            idea.contact_consent.data = False
    return render_template(
        "submissions/form.html", forum_session=forum_session, shown=consultation, form=idea, warning=warning,
        channels=consultation.pack.channels, kind_hints=KIND_HINTS, kind_icons=KIND_ICONS,
        max_characters=current_app.config["MAX_TEXT_CHARACTERS"])


def idea_form(hall: Hall) -> SubmissionForm:
    """The form as the request filled it in, with what the city pack offers."""
    idea = asking(SubmissionForm, hall.questions)()
    idea.offer(queries.pack_choices(hall.pack_id))
    idea.offer_contact(hall.contact_words)
    return idea


def sitting(hall: Hall) -> ForumSession:
    """The row of the sitting."""
    return forum_session_or_404(hall.forum_session_id)


def key(text: str | None) -> str | None:
    """The key of an entry, a random UUID in its usual spelling, or ``None``."""
    parsed = uuid_of(text)
    return str(parsed) if parsed and parsed.version == 4 else None


def _known(hall: Hall, group: str, area: str) -> tuple[str, str]:
    """Group and area, each only if the city has it: strange memories must not fill the memory of the server."""
    choices = queries.pack_choices(hall.pack_id)
    return (group if group in choices.group_ids else "",
            area if area in (rules.NO_AREA, *choices.area_ids) else "")


def _has_message() -> bool:
    """Whether a message waits for this reader: then the page is theirs alone."""
    return current_app.config["SESSION_COOKIE_NAME"] in request.cookies and "_flashes" in session
