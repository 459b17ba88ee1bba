"""Doors of intake: read a file into a sitting, see and undo imports."""
from hashlib import sha256
from http import HTTPStatus

from flask import Blueprint, Flask, Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from forum.accounts.signed_in import actor
from forum.consultations.queries import consultation_or_404, sessions_of
from forum.db import utc_now
from forum.errors import ForumError
from forum.intake import queries, services, table_file
from forum.intake.forms import ImportForm
from forum.security import open_to

bp = Blueprint("intake", __name__, url_prefix="/staff")


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)


@bp.route("/consultations/<int:consultation_id>/import", methods=["GET", "POST"])
@open_to("facilitator")
def index(consultation_id: int) -> Response | tuple[str, int]:
    """Facilitator: import a file; the list of earlier imports."""
    consultation = consultation_or_404(consultation_id)
    forum_sessions = sessions_of(consultation_id)
    form = ImportForm()
    form.forum_session.choices = [SelectChoice(one.id, one.title) for one in forum_sessions]
    status = HTTPStatus.OK
    if form.validate_on_submit():
        try:
            imported = _import(form, {one.id for one in forum_sessions})
        except ForumError as refusal:
            form.file.errors = [str(refusal)]
            status = HTTPStatus(refusal.status)
        else:
            flash(_("%(imported)s dari %(rows)s baris menjadi masukan; %(empty)s baris tanpa teks.",
                    imported=imported.n_imported, rows=imported.n_rows, empty=imported.n_empty), "success")
            return redirect(url_for("intake.index", consultation_id=consultation_id), 303)
    elif form.is_submitted():
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    return render_template("intake/index.html", consultation=consultation, form=form, forum_sessions=forum_sessions,
                           batches=queries.batches_of(consultation_id)), status


@bp.post("/imports/<int:batch_id>/undo")
@open_to("facilitator")
def undo(batch_id: int) -> Response:
    """Facilitator: withdraw every entry of an import."""
    consultation_id = queries.batch_or_404(batch_id).consultation_id
    try:
        n_entries = services.undo_import(batch_id=batch_id, actor=actor(), now=utc_now())
    except ForumError as refusal:
        flash(str(refusal), "error")
    else:
        flash(_("Impor dibatalkan: %(count)s masukan ditarik.", count=n_entries), "success")
    return redirect(url_for("intake.index", consultation_id=consultation_id), 303)


def _import(form: ImportForm, own_sessions: set[int]) -> services.Imported:
    if form.forum_session.data not in own_sessions:
        raise table_file.UnreadableFile(_("Pilih sesi tujuan."))
    content = form.file.data.read()
    filename = form.file.data.filename or ""
    table = table_file.read(content, filename=filename, has_header=not form.has_no_header.data)
    return services.import_table(
        forum_session_id=form.forum_session.data, table=table, filename=filename,
        content_digest=sha256(content).hexdigest(),
        columns=services.Columns(form.text.data, form.group.data or None, form.area.data or None),
        kind=form.kind.data, actor=actor(), now=utc_now())
