"""A forum with two themes to score, besides other forums."""
from builders import make_consultation, make_forum_session, make_submission, noise
from theme_builders import make_theme

from forum.priorities import queries

GOOD = {"value_U": "5", "value_S": "4", "value_G": "3", "note": "", "version": "0"}


def make_forum(app):
    """Two themes: flooding (four entries of three people) and street lights (one entry), besides other forums."""
    with app.app_context():
        noise()
        consultation_id = make_consultation()
        sitting = make_forum_session(consultation_id)
        flood = [
            make_submission(sitting, "Jalan kampung kami terendam tiap pasang.", participant="ani", group="resident"),
            make_submission(sitting, "Rob masuk dapur, hubungi 081234567890 bila perlu.", participant="ani",
                            group="resident", kind="proposal", approach="technology"),
            make_submission(sitting, "Pompa air di ujung gang tidak pernah menyala.", participant="budi",
                            group="academic", area="99.01.1002"),
            make_submission(sitting, "Tanggul retak, air asin naik ke sawah.", group="resident"),
        ]
        lights = [make_submission(sitting, "Lampu jalan mati sebulan.", participant="citra", group="community")]
        loose = make_submission(sitting, "Salam untuk semua panitia.", participant="dewi", group=None, area=None)
        return {
            "consultation": consultation_id, "sitting": sitting, "flood_entries": flood, "loose": loose,
            "flood": make_theme(consultation_id, "Genangan rob", flood, quotes=[flood[1]], phrases=["rob", "pompa"],
                                dimension="environment.protection"),
            "lights": make_theme(consultation_id, "Lampu jalan", lights, dimension="living"),
            "ranking": f"/staff/consultations/{consultation_id}/priorities",
        }


def page(forum, theme="flood"):
    return f"/staff/themes/{forum[theme]}/score"


def issue(forum, theme="flood"):
    return next(one for one in queries.ranked_issues(forum["consultation"]) if one.theme_id == forum[theme])
