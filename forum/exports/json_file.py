"""The issue list as JSON, for programs: texts as they are, counts as objects, and the hash that covers it.

``content_hash`` is the SHA-256 of the member ``list``, written with sorted keys, without spaces, in UTF-8.
"""
import json
from dataclasses import asdict

from forum.exports.contents import Contents

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
    }
    text = json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False)
    return (text + "\n").encode("utf-8", errors="replace")
