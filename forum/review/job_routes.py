"""Doors of long work of any room: how far a job is, and stopping it."""
from flask import Flask, current_app, flash, jsonify, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from forum.accounts.signed_in import actor
from forum.db import utc_now
from forum.jobs import Job
from forum.review import queries, services
from forum.review.stages import stage_label
from forum.security import local_path, open_to


def init_app(app: Flask) -> None:
    app.add_url_rule("/staff/jobs/<int:job_id>", "job_state", job_state)
    app.add_url_rule("/staff/jobs/<int:job_id>/cancel", "job_cancel", job_cancel, methods=["POST"])


@open_to("staff")
def job_state(job_id: int) -> Response:
    """Staff: state, stage and share done of a job, as JSON for the progress bar."""
    job = queries.job_or_404(job_id)
    return jsonify(state=job.state, stage=job.stage, share=round(job.share, 3), done=job.state == "done",
                   stage_label=stage_label(current_app._get_current_object(), job.kind, job.stage),
                   message=_message(job))


@open_to("facilitator")
def job_cancel(job_id: int) -> Response:
    """Facilitator: ask a job to stop."""
    queries.job_or_404(job_id)
    services.cancel_job(job_id=job_id, actor=actor(), now=utc_now())
    flash(_("Permintaan untuk menghentikan analisis sudah dikirim."), "success")
    return redirect(local_path(request.form.get("back"), url_for("consultations.index")), 303)


def _message(job: Job) -> str:
    """For people; what went wrong technically is in the server's log."""
    if job.state == "failed":
        return _("Pekerjaan gagal karena kesalahan yang sudah tercatat. Data Anda utuh. Coba jalankan lagi.")
    if job.state == "cancelled":
        return _("Pekerjaan dibatalkan.")
    return ""
