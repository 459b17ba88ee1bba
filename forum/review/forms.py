from decimal import Decimal

from flask_babel import lazy_gettext as _l

DECISION_NAMES = {
    "confirm": _l("Tetapkan"),
    "accept": _l("Terima masukan"),
    "rename": _l("Ganti judul"),
    "merge": _l("Gabungkan"),
    "split": _l("Pisahkan"),
    "move": _l("Pindahkan"),
    "dismiss": _l("Bukan tema"),
    "dimension": _l("Dimensi"),
    "undo": _l("Urungkan"),
}
DECISION_ICONS = {"confirm": "check", "accept": "plus", "rename": "edit", "merge": "merge", "split": "split",
                  "move": "move", "dismiss": "ban", "dimension": "tag", "undo": "undo"}
RUN_STATES = {
    "queued": _l("menunggu giliran"),
    "running": _l("sedang berjalan"),
    "done": _l("selesai"),
    "failed": _l("gagal"),
    "cancelled": _l("dibatalkan"),
}
THEME_STATES = {
    "confirmed": _l("Ditetapkan"),
    "dismissed": _l("Dibubarkan"),
    "merged": _l("Digabung"),
    "undone": _l("Diurungkan"),
}
# Values are the granularities of the analysis as a form sends them.
GRANULARITY_NAMES = {
    "0.6": _l("Lebih sedikit, lebih luas"),
    "1.0": _l("Sedang"),
    "1.6": _l("Lebih banyak, lebih rinci"),
}
STRENGTH_NAMES = {"weak": _l("Kurang cocok"), "fair": _l("Cukup cocok"), "sure": _l("Cocok")}
STRENGTH_PILLS = {"weak": "warn", "fair": "", "sure": "good"}
# Reasons at hand, so that the same case is answered in the same words; any other may be typed.
USUAL_REASONS = (
    _l("Bukan masukan tentang kota"),
    _l("Terlalu umum untuk ditindaklanjuti"),
    _l("Lebih tepat lewat kanal aduan"),
    _l("Di luar kewenangan kota"),
)
# How much of a group comes back when a fifth of the texts is left out, as the analysis measures it.
FIRM_FROM, FAIRLY_FIRM_FROM = Decimal("0.75"), Decimal("0.6")


def firmness(stability: float) -> str:
    """``firm``, ``fair`` or ``shaky``: the word for the two decimals that are shown beside it."""
    shown = round(Decimal(str(stability)), 2)
    if shown >= FIRM_FROM:
        return "firm"
    return "fair" if shown >= FAIRLY_FIRM_FROM else "shaky"


FIRMNESS_NAMES = {"firm": _l("Kokoh"), "fair": _l("Cukup kokoh"), "shaky": _l("Goyah")}
FIRMNESS_PILLS = {"firm": "good", "fair": "", "shaky": "warn"}
