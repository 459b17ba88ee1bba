from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import IntegerField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import HiddenInput

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
    version = IntegerField(default=0, widget=HiddenInput())

    def say_stale(self, message: str, *, version: int) -> None:
        """Keep what was typed, say what changed, and carry the version that is stored now."""
        self.form_errors.append(message)
        self.version.raw_data, self.version.data = None, version
