"""What an entry says besides its text, as lines to read: label and value, only those that are filled."""
from flask_babel import gettext as _

from forum.formatting import localized
from forum.submissions.forms import APPROACH_NAMES, RATING_NAMES
from forum.submissions.models import Submission, SubmissionVersion


def facts_of(version: SubmissionVersion) -> list[tuple[str, str]]:
    """Fields of the kind of this version, in the order of the form."""
    facts = [
        (_("Tempat"), version.place),
        (_("Cara"), str(APPROACH_NAMES[version.approach]) if version.approach else ""),
        (_("Tempat praktik"), version.practice_where),
        (_("Pelaksana"), version.practice_owner),
        (_("Program"), version.programme),
        (_("Nilai"), str(RATING_NAMES[version.rating]) if version.rating else ""),
        (_("Bidang"), localized(version.dimension, "name") if version.dimension else ""),
    ]
    return [(label, value) for label, value in facts if value]


def author_of(submission: Submission) -> list[tuple[str, str]]:
    """For whom and from where its author speaks."""
    facts = [
        (_("Unsur"), localized(submission.group, "name") if submission.group else ""),
        (_("Kelurahan"), submission.area.name if submission.area else ""),
    ]
    return [(label, value) for label, value in facts if value]
