"""``flask forum learn``: planning documents from which the analysis learns how the city uses its words."""
from pathlib import Path

import click

from forum import audit
from forum.commands.refusals import in_plain_words
from forum.consultations import reference_file, services
from forum.consultations.queries import reference_documents
from forum.db import utc_now
from forum.errors import ForumError


@click.command("learn")
@click.argument("paths", metavar="[FILE]...", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--title", help="Title of the document; default: the name of the file.")
@click.option("--list", "is_list", is_flag=True, help="Show what has been learnt.")
@click.option("--forget", "document_id", type=click.IntRange(min=1), help="Remove the document with this number.")
@in_plain_words
def learn(paths: tuple[Path, ...], title: str | None, is_list: bool, document_id: int | None) -> None:
    """Learn from plans and minutes (UTF-8 text, DOCX, PDF). They stay on this server and are in no export."""
    if bool(paths) + is_list + (document_id is not None) != 1:
        raise ForumError("Sebutkan berkas, atau --list, atau --forget NOMOR.")
    if document_id is not None:
        services.forget_document(document_id=document_id, actor=audit.COMMAND_LINE, now=utc_now())
        click.echo(f"Dokumen {document_id} dilupakan.")
    for path in paths:
        _learn_one(path, title or path.stem)
    if is_list:
        for document in reference_documents():
            click.echo(f"{document.id}\t{document.n_paragraphs} paragraf\t{document.title}")


def _learn_one(path: Path, title: str) -> None:
    with path.open("rb") as file:
        content = file.read(reference_file.MAX_BYTES + 1)
    try:
        document_id = services.learn_document(title=title, content=content, actor=audit.COMMAND_LINE, now=utc_now())
    except ForumError as refusal:
        raise ForumError(f"{path.name}: {refusal}") from refusal
    click.echo(f"Dokumen {document_id}: {title}")
