"""The yardsticks that a consultation starts with: Urgency, Seriousness, Growth (USG).

Planning staff know them from their leadership courses; the questions follow Kepner and Tregoe
(The New Rational Manager, 1981) in our own words. They become rows of the consultation when its first
theme is scored, so that weights and questions can differ from one consultation to the next.
"""
from forum.priorities.models import Criterion

_USG = (
    ("U", "Urgensi", "Urgency",
     "Seberapa mendesak masalah ini ditangani dibanding waktu yang tersedia?",
     "How pressing is it to act, given the time that is left?"),
    ("S", "Keseriusan", "Seriousness",
     "Seberapa berat akibatnya bagi warga dan layanan kota bila dibiarkan?",
     "How grave are the consequences for residents and city services if nothing is done?"),
    ("G", "Perkembangan", "Growth",
     "Seberapa cepat masalah ini memburuk atau meluas bila tidak ditangani?",
     "How fast will it get worse or spread if it is not dealt with?"),
)


def usg_criteria(consultation_id: int) -> list[Criterion]:
    """The three default criteria as rows that are not stored yet: scale 1 to 5, weight 1 each."""
    return [Criterion(consultation_id=consultation_id, code=code, name_id=name_id, name_en=name_en,
                      question_id=question_id, question_en=question_en, weight=1.0, scale_min=1, scale_max=5,
                      position=position)
            for position, (code, name_id, name_en, question_id, question_en) in enumerate(_USG)]
