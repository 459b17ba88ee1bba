"""The issue list as JSON, for programs: texts as they are, counts as objects, and the hash that covers it.

``answers`` maps the number of an entry to what it answered, in the order of ``questions`` (masked, "" for nothing).
``reactions`` maps the number of an entry to how many people agree, disagree and passed, where anybody reacted.
``content_hash`` is the SHA-256 of the member ``list``, written with sorted keys, without spaces, in UTF-8.
"""
import json
from dataclasses import asdict

from forum.exports.contents import Contents
from forum.formatting import public_id
from forum.reactions.models import Stance

FORMAT = "forum-smart-city/issues"


def write(contents: Contents) -> bytes:
    run = contents.run
    document = {
        "format": FORMAT,
        "consultation": {"id": contents.consultation_id, "title": contents.title, "city": contents.city},
        "as_of": contents.as_of.isoformat(timespec="seconds"),
        "content_hash": contents.issue_list.content_hash,
        "accounting": asdict(contents.accounting),
        "analysis": {"run": run.id, "fingerprint": run.fingerprint, "settings": run.settings,
                     "versions": run.versions} if run else None,
        "list": contents.issue_list.as_plain(),
        "reactions": {public_id(entry.submission_id): {
            Stance.AGREE.word: entry.n_agree, Stance.DISAGREE.word: entry.n_disagree, Stance.PASS.word: entry.n_pass}
            for entry in contents.entries if entry.n_agree or entry.n_disagree or entry.n_pass},
        "questions": list(contents.questions),
        "answers": {public_id(entry.submission_id): list(entry.answers) for entry in contents.entries
                    if any(entry.answers)},
    }
    text = json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False)
    return (text + "\n").encode("utf-8", errors="replace")
