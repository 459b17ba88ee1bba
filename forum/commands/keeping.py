"""``flask forum purge``: what notices promised to delete is deleted."""
import click

from forum import audit
from forum.commands.refusals import in_plain_words
from forum.consultations.queries import consultations_newest_first
from forum.db import compact, utc_now
from forum.reactions.retention import unlink_people
from forum.review.retention import forget_runs, forget_words
from forum.submissions import photos, retention


@click.command("purge")
@click.option("--dry-run", is_flag=True, help="Only say what would be deleted.")
@in_plain_words
def purge(dry_run: bool) -> None:
    """Delete words, photos and contacts of entries past their retention; counts and decisions stay."""
    now, total = utc_now(), retention.Erased()
    will = "akan dihapus" if dry_run else "dihapus"
    for consultation in consultations_newest_first():
        consultation_id = consultation.id
        if dry_run:
            erased = retention.overdue(consultation, now)
        else:
            erased = retention.erase(consultation_id=consultation_id, actor=audit.COMMAND_LINE, now=now)
            _forget_the_rest(consultation_id)
            total += erased
        click.echo(f"konsultasi {consultation_id}: {will} isi {erased.n_entries} masukan, {erased.n_contacts} kontak, "
                   f"{erased.n_photos} foto")
    if total.n_entries:
        compact()
    n_files = len(photos.ownerless(now)) if dry_run else photos.sweep(now)
    click.echo(f"berkas foto tanpa pemilik: {will} {n_files}")


def _forget_the_rest(consultation_id: int) -> None:
    """What follows from erased entries; found from what is stored, so that a run that was cut off is made good."""
    forget_words(consultation_id=consultation_id)
    if retention.is_finished(consultation_id):
        forget_runs(consultation_id=consultation_id, actor=audit.COMMAND_LINE, now=utc_now())
        unlink_people(consultation_id=consultation_id, actor=audit.COMMAND_LINE, now=utc_now())
