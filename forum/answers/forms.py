from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice

STATUS_NAMES = {
    "accommodated": _l("Diakomodasi"),
    "partly": _l("Diakomodasi sebagian"),
    "not": _l("Tidak diakomodasi"),
}
STATUS_PILLS = {"accommodated": "good", "partly": "info", "not": "warn"}


_STATUSES = [SelectChoice(value, label) for value, label in STATUS_NAMES.items()]


class ResponseForm(FlaskForm):
    status = RadioField(_l("Keputusan"), choices=_STATUSES, validate_choice=False)
    text = TextAreaField(_l("Karena …"))
    version = HiddenField(default="0")
