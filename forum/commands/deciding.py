"""``flask forum analyze|export|verify``: from entries to the list, and the check that none is lost."""
import sys
from pathlib import Path

import click
from flask.cli import AppGroup

from forum import audit, jobs
from forum.commands.refusals import in_plain_words
from forum.consultations.models import Consultation
from forum.consultations.queries import consultation_or_404, consultations_newest_first, session_by_code
from forum.db import db, utc_now
from forum.exports import services as exports
from forum.jobs import Job
from forum.review import accounting, running
from forum.review.queries import latest_run, run_or_404

group = AppGroup("forum", help="Consultations from opening to export.")


def consultation(name: str) -> Consultation:
    """A consultation by its number or by the join code of one of its sittings."""
    forum_session = None if name.isdecimal() else session_by_code(name)
    return forum_session.consultation if forum_session else consultation_or_404(int(name) if name.isdecimal() else 0)


@group.command("analyze")
@click.argument("name", metavar="CONSULTATION")
@in_plain_words
def analyze(name: str) -> None:
    """Propose groups. Runs here; a worker that takes the job first is waited for."""
    run_id = running.start_run(consultation_id=consultation(name).id, actor=audit.COMMAND_LINE, now=utc_now())
    job_id = run_or_404(run_id).job_id
    jobs.run_here(job_id)
    job = _wait(job_id)
    if job.state != "done":
        click.echo(f"Analisis berhenti: {job.state}. {job.message}", err=True)
        raise SystemExit(1)
    run = latest_run(consultation(name).id)
    click.echo(f"Analisis {run.id}: {run.n_documents} masukan, {run.n_unassigned} tidak cocok ke kelompok mana pun.")


@group.command("export")
@click.argument("name", metavar="CONSULTATION")
@click.option("--format", "fmt", type=click.Choice(["csv", "xlsx", "json"]), default="csv", show_default=True)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True)
@in_plain_words
def export(name: str, fmt: str, out: Path) -> None:
    """Write the prioritised issue list to a file."""
    content, _, _ = exports.export(consultation_id=consultation(name).id, fmt=fmt, actor=audit.COMMAND_LINE,
                                   now=utc_now())
    out.write_bytes(content)
    click.echo(f"{out}: {len(content)} bita.")


@group.command("verify")
@click.argument("name", metavar="[CONSULTATION]", required=False)
@in_plain_words
def verify(name: str | None) -> None:
    """Print the accounting line of each consultation; exit 1 when one does not hold."""
    holds = True
    for one in [consultation(name)] if name else consultations_newest_first():
        result = accounting.verify(one.id)
        count = result.accounting
        click.echo(
            f"konsultasi {one.id}: diterima {count.received} = dalam tema {count.in_themes} + tanpa tema "
            f"{count.unassigned} + menunggu {count.waiting} + disembunyikan {count.hidden} + ditarik {count.withdrawn}"
            f" : {'benar' if result.holds else 'TIDAK BENAR'}")
        holds = holds and result.holds
    sys.exit(0 if holds else 1)


def _wait(job_id: int) -> Job:
    """The job when it is finished, wherever it ran."""
    while True:
        db.session.rollback()
        job = db.session.get_one(Job, job_id)
        if job.is_finished:
            return job
        jobs.pause()
