"""Doors of consultations: create, edit, sittings and their QR."""
from collections.abc import Callable
from http import HTTPStatus

from flask import Blueprint, Flask, Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from forum.accounts.signed_in import actor
from forum.consultations import halls, queries, question_routes, services
from forum.consultations.entrance import phone_address, qr_svg
from forum.consultations.forms import MODERATION_NAMES, STATE_NAMES, STATE_PILLS, ConsultationForm, ForumSessionForm
from forum.consultations.questions import asked_of
from forum.db import utc_now
from forum.formatting import current_zone, zone_label
from forum.security import open_to
from forum.typed import row_id

bp = Blueprint("consultations", __name__, url_prefix="/staff")
question_routes.add_to(bp)
_PAGE_LENGTH = 50

Answer = Response | tuple[str, int]


def init_app(app: Flask) -> None:
    halls.init_app(app)
    app.register_blueprint(bp)


@bp.get("/")
@open_to("staff")
def index() -> str:
    """Staff: all consultations, the newest first."""
    page = queries.consultations_newest_first(before=request.args.get("before", type=row_id), limit=_PAGE_LENGTH)
    counts = queries.session_counts([consultation.id for consultation in page])
    return render_template("consultations/index.html", consultations=page, counts=counts,
                           next_before=page[-1].id if len(page) == _PAGE_LENGTH else None,
                           has_pack=bool(queries.packs_to_choose_from()), state_names=STATE_NAMES,
                           state_pills=STATE_PILLS)


@bp.route("/consultations/new", methods=["GET", "POST"])
@open_to("facilitator")
def create() -> Answer:
    """Facilitator: a new consultation."""
    packs = queries.packs_to_choose_from()
    form = ConsultationForm(data=_usual_facts())
    form.offer_packs(packs)
    status = HTTPStatus.OK
    if form.validate_on_submit():
        try:
            consultation_id = services.create_consultation(
                pack_id=form.pack.data, facts=form.facts(), moderation=form.moderation.data, actor=actor(),
                now=utc_now())
        except services.PackMissing as refusal:
            form.pack.errors = [str(refusal)]
            status = HTTPStatus(refusal.status)
        else:
            flash(_("Konsultasi dibuat. Sekarang tambahkan sesi pertamanya."), "success")
            return redirect(url_for("consultations.create_session", consultation_id=consultation_id), 303)
    elif form.is_submitted():
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    return render_template("consultations/create.html", form=form, has_pack=bool(packs)), status


def _usual_facts() -> dict[str, object]:
    """Who answered for the data the last time, as a suggestion."""
    last = queries.newest_own_consultation()
    return {name: getattr(last, name) for name in ("controller", "contact", "privacy_officer", "retention_months")
            } if last else {}


@bp.get("/consultations/<int:consultation_id>")
@open_to("staff")
def show(consultation_id: int) -> str:
    """Staff: one consultation, its sittings and its privacy notice."""
    consultation = queries.consultation_or_404(consultation_id)
    return render_template("consultations/show.html", consultation=consultation,
                           forum_sessions=queries.sessions_of(consultation_id),
                           questions=[one for one in asked_of(consultation_id) if one.is_open],
                           notice=queries.current_notice(consultation_id), moderation_names=MODERATION_NAMES,
                           state_names=STATE_NAMES, state_pills=STATE_PILLS)


@bp.route("/consultations/<int:consultation_id>/edit", methods=["GET", "POST"])
@open_to("facilitator")
def edit(consultation_id: int) -> Answer:
    """Facilitator: change a consultation."""
    consultation = queries.consultation_or_404(consultation_id)
    form = ConsultationForm(obj=consultation)
    del form.pack  # a consultation keeps the edition that it began with
    status, changed_fields = HTTPStatus.OK, ()
    if form.validate_on_submit():
        try:
            services.edit_consultation(
                consultation_id=consultation_id, facts=form.facts(), moderation=form.moderation.data,
                version=form.version.data, actor=actor(), now=utc_now())
        except services.ConsultationChanged as refusal:
            form.form_errors.append(str(refusal))
            form.version.data, changed_fields = refusal.version, refusal.fields
            status = HTTPStatus(refusal.status)
        else:
            flash(_("Perubahan tersimpan."), "success")
            return redirect(url_for("consultations.show", consultation_id=consultation_id), 303)
    elif form.is_submitted():
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    return render_template("consultations/edit.html", form=form, changed_fields=changed_fields,
                           moderation_names=MODERATION_NAMES,
                           consultation=queries.consultation_or_404(consultation_id)), status


@bp.post("/consultations/<int:consultation_id>/close")
@open_to("facilitator")
def close(consultation_id: int) -> Response:
    """Facilitator: close a consultation with all its sittings."""
    return _change(lambda: services.close_consultation(
        consultation_id=consultation_id, actor=actor(), now=utc_now()), _("Konsultasi ditutup."),
        url_for("consultations.show", consultation_id=consultation_id))


@bp.post("/consultations/<int:consultation_id>/reopen")
@open_to("facilitator")
def reopen(consultation_id: int) -> Response:
    """Facilitator: open a closed consultation again."""
    return _change(lambda: services.reopen_consultation(
        consultation_id=consultation_id, actor=actor(), now=utc_now()),
        _("Konsultasi dibuka kembali. Buka lagi sesi yang menerima masukan."),
        url_for("consultations.show", consultation_id=consultation_id))


@bp.route("/consultations/<int:consultation_id>/sessions/new", methods=["GET", "POST"])
@open_to("facilitator")
def create_session(consultation_id: int) -> Answer:
    """Facilitator: a new sitting."""
    consultation = queries.consultation_or_404(consultation_id)
    form = ForumSessionForm()
    status = HTTPStatus.OK
    if form.validate_on_submit():
        try:
            forum_session_id = services.create_session(
                consultation_id=consultation_id, title=form.title.data, place=form.place.data,
                starts_at=form.starts_at(consultation.pack.timezone), actor=actor(), now=utc_now())
        except services.ConsultationClosed as refusal:
            form.form_errors.append(str(refusal))
            status = HTTPStatus(refusal.status)
        else:
            flash(_("Sesi dibuat. Buka sesi ini saat peserta boleh mengirim."), "success")
            return redirect(url_for("consultations.session", forum_session_id=forum_session_id), 303)
    elif form.is_submitted():
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    return render_template("consultations/create_session.html", consultation=consultation, form=form,
                           zone_name=zone_label(current_zone())), status


@bp.get("/sessions/<int:forum_session_id>")
@open_to("staff")
def session(forum_session_id: int) -> str:
    """Staff: one sitting with its code and QR."""
    forum_session = queries.forum_session_or_404(forum_session_id)
    return render_template("consultations/session.html", consultation=forum_session.consultation,
                           forum_session=forum_session, address=phone_address(forum_session),
                           per_phone=current_app.config["ENTRIES_PER_PHONE"],
                           per_sitting=current_app.config["ENTRIES_PER_SITTING"],
                           reactions_per_phone=current_app.config["REACTIONS_PER_PHONE"],
                           reactions_per_sitting=current_app.config["REACTIONS_PER_SITTING"],
                           state_names=STATE_NAMES, state_pills=STATE_PILLS)


@bp.post("/sessions/<int:forum_session_id>/open")
@open_to("facilitator")
def open_session(forum_session_id: int) -> Response:
    """Facilitator: let participants in."""
    return _change(lambda: services.open_session(forum_session_id=forum_session_id, actor=actor(), now=utc_now()),
                   _("Sesi terbuka: peserta dapat mengirim."),
                   url_for("consultations.session", forum_session_id=forum_session_id))


@bp.post("/sessions/<int:forum_session_id>/close")
@open_to("facilitator")
def close_session(forum_session_id: int) -> Response:
    """Facilitator: let nobody new in."""
    return _change(lambda: services.close_session(forum_session_id=forum_session_id, actor=actor(), now=utc_now()),
                   _("Sesi ditutup. Tanda terima tetap dapat dibuka."),
                   url_for("consultations.session", forum_session_id=forum_session_id))


@bp.post("/sessions/<int:forum_session_id>/limits")
@open_to("facilitator")
def set_limits(forum_session_id: int) -> Response:
    """Facilitator: lift the fair limits on phones, or set them again."""
    is_limited = request.form.get("limited") == "yes"
    return _change(lambda: services.set_limits(
        forum_session_id=forum_session_id, is_limited=is_limited, actor=actor(), now=utc_now()),
        _("Batas kiriman berlaku lagi.") if is_limited else _("Batas kiriman dilonggarkan untuk sesi ini."),
        url_for("consultations.session", forum_session_id=forum_session_id))


@bp.post("/sessions/<int:forum_session_id>/wall")
@open_to("facilitator")
def set_wall(forum_session_id: int) -> Response:
    """Facilitator: show what people write on the wall of the hall, or only numbers and themes."""
    shows_ideas = request.form.get("ideas") == "yes"
    return _change(lambda: services.set_wall(
        forum_session_id=forum_session_id, shows_ideas=shows_ideas, actor=actor(), now=utc_now()),
        _("Layar aula menampilkan masukan lagi.") if shows_ideas else _("Layar aula tidak menampilkan masukan."),
        url_for("consultations.session", forum_session_id=forum_session_id))


@bp.get("/sessions/<int:forum_session_id>/qr.svg")
@open_to("staff")
def qr(forum_session_id: int) -> Response:
    """Staff: the QR of a sitting, to print it."""
    address = phone_address(queries.forum_session_or_404(forum_session_id))
    return Response(qr_svg(address), mimetype="image/svg+xml")


def _change(verb: Callable[[], None], success: str, target: str) -> Response:
    """Run a verb, say how it went, and go back."""
    try:
        verb()
    except services.WrongState as refusal:
        flash(str(refusal), "warning")
    except services.ConsultationClosed as refusal:
        flash(str(refusal), "error")
    else:
        flash(success, "success")
    return redirect(target, 303)
