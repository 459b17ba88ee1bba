"""What the installation knows of its city besides the entries under analysis: plans and earlier consultations."""
from dataclasses import dataclass

from forum.consultations.models import Consultation
from forum.consultations.queries import earlier_consultations, reference_documents
from forum.db import db
from forum.submissions.models import Submission
from forum.submissions.queries import current_entries_select

MOST_EARLIER_ENTRIES = 10_000  # the newest ones; the analysis reads a bounded number anyway


@dataclass(frozen=True, slots=True)
class Background:
    """Texts in a fixed order, and where they are from (ids), for the run to remember."""

    texts: tuple[str, ...]
    document_ids: tuple[int, ...]
    consultation_ids: tuple[int, ...]

    def as_setting(self) -> dict[str, object]:
        """What a run keeps of it: no word of the texts themselves."""
        return {"documents": list(self.document_ids), "consultations": list(self.consultation_ids),
                "n_texts": len(self.texts)}


def background(consultation: Consultation) -> Background:
    """Paragraphs of all reference documents, and accepted entries of the same city's earlier consultations."""
    documents = reference_documents()
    texts = [paragraph for document in documents for paragraph in document.paragraphs]
    earlier = earlier_consultations(consultation)
    entries = current_entries_select().where(
        Submission.consultation_id.in_(earlier), Submission.state == "accepted", Submission.erased_at.is_(None))
    found = db.session.execute(entries.order_by(Submission.id.desc()).limit(MOST_EARLIER_ENTRIES)).all()
    texts += [version.body for _submission, version in found]
    used = sorted({submission.consultation_id for submission, _version in found})
    return Background(tuple(texts), tuple(document.id for document in documents), tuple(used))
