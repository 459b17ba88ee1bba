"""A forum whose list is exported, and its files read back."""
import csv
import io

from builders import make_consultation, make_forum_session, make_submission, noise
from openpyxl import load_workbook
from staff_client import make_account
from theme_builders import make_theme, score

from forum.db import utc_now, writing
from forum.review.models import AnalysisRun

FORMATS = ("csv", "xlsx", "json")

# Begin a formula, hide one behind something that programs skip, or try to leave the cell.
HOSTILE = (
    "=1+1", "+1+1", "-1+1", "@SUM(1;1)", "=HYPERLINK(\"http://jahat.example\";\"klik\")",
    "=cmd|' /C calc'!A0", "+cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!A0", "@cmd", "\t=1+1", "\r=1+1", "\n=1+1",
    " =1+1", "   -1", "\u00a0=1+1", "\u200b=1+1", "\ufeff=1+1", "\u202e=1+1", "＝1+1", "＋1", "－1", "＠SUM(1)",
    "﹣1", "﹢1", "'=1+1", "''", "\"=1+1\"", "\";=1+1", "aman;=1+1", "aman; =1+1", "aman;\"=1+1\"", "aman\n=1+1",
    "aman\n- butir satu\n- butir dua", "aman\t=1+1", "aman,=1+1", "a\",\"=1+1", "{=1+1}", "=\u0001A1",
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "http://jahat.example", "mailto:a@contoh.example",
    "0812345", "1e5", "00123", "2024-12-09", "TRUE", "#REF!", "_x0041_", "🙂 tidak",
    "x" * 40000,
)


def make_forum(app):
    """Three themes (two scored), one loose entry, one hidden, one withdrawn, one waiting, and another forum."""
    with app.app_context():
        noise()
        consultation_id = make_consultation(title="Forum & uji")
        sitting = make_forum_session(consultation_id)
        flood = [make_submission(sitting, "Jalan terendam tiap pasang.", participant="ani"),
                 make_submission(sitting, "Rob masuk dapur. NIK saya 3375012503850002, hubungi 0812-3456-7890.",
                                 participant="ani", kind="proposal", approach="combined"),
                 make_submission(sitting, "Pompa tidak menyala.", participant="budi", group="academic",
                                 area="99.01.1002")]
        lights = [make_submission(sitting, "Lampu mati.", participant="ani", group="community")]
        make_submission(sitting, "Salam panitia.", participant="budi", group=None, area=None)
        make_submission(sitting, "RAHASIA disembunyikan", state="hidden")
        make_submission(sitting, "RAHASIA ditarik", state="withdrawn")
        make_submission(sitting, "RAHASIA belum dimoderasi", state="waiting")
        themes = {"flood": make_theme(consultation_id, "Genangan rob", flood, quotes=flood[:2],
                                      phrases=["rob", "0812-3456-7890"], dimension="environment.protection"),
                  "lights": make_theme(consultation_id, "Lampu jalan", lights),
                  "market": make_theme(consultation_id, "Pasar becek")}
        first, second = make_account("planner", "satu"), make_account("planner", "dua")
        score(themes["flood"], first, 5, 4, 4)
        score(themes["flood"], second, 4, 4, 2)
        score(themes["lights"], first, 1, 2, 2)
        with writing() as session:
            session.add(AnalysisRun(consultation_id=consultation_id, state="done", settings={"seed": 7},
                                    versions={"analysis": "1"}, fingerprint="f" * 64, n_documents=5,
                                    actor_name="Uji", created_at=utc_now(), finished_at=utc_now()))
        return {"consultation": consultation_id, "sitting": sitting, "flood_entries": flood, **themes,
                "page": f"/staff/consultations/{consultation_id}/exports"}


def make_hostile(forum, texts=HOSTILE):
    """One theme whose title, phrases and entries are the hostile texts."""
    ids = [make_submission(forum["sitting"], text) for text in texts]
    for text, submission_id in zip(texts, ids, strict=True):
        make_theme(forum["consultation"], text, [submission_id], quotes=[submission_id], phrases=[text])


def download(client, forum, fmt):
    answer = client.get(f"{forum['page']}/issues.{fmt}")
    assert answer.status_code == 200
    return answer.data


def csv_rows(data):
    assert data.startswith(b"\xef\xbb\xbf")
    table = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))
    return [dict(zip(table[0], line, strict=True)) for line in table[1:]]


def book_of(data):
    return load_workbook(io.BytesIO(data))


def sheet_rows(sheet):
    heading, *lines = sheet.iter_rows(values_only=True)
    return [dict(zip(heading, line, strict=True)) for line in lines]
