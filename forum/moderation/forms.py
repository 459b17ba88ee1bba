from flask_babel import lazy_gettext as _l

STATE_NAMES = {
    "waiting": _l("Menunggu diperiksa"),
    "accepted": _l("Diterima"),
    "hidden": _l("Disembunyikan"),
    "withdrawn": _l("Ditarik pengirim"),
}
STATE_PILLS = {"waiting": "warn", "accepted": "good", "hidden": "bad", "withdrawn": ""}
# Reasons at hand, so that the same case is answered in the same words; any other may be typed.
USUAL_REASONS = (
    _l("Memuat data pribadi orang lain"),
    _l("Kasus pribadi: lebih tepat lewat kanal aduan"),
    _l("Kata kasar atau menyerang orang"),
    _l("Bukan masukan (uji coba atau iklan)"),
)
