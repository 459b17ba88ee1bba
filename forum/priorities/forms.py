"""The sheet of one assessor for one theme as a form, one scale per criterion."""
from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import IntegerField, RadioField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange
from wtforms.widgets import HiddenInput

from forum.formatting import localized
from forum.priorities.models import Criterion
from forum.priorities.services import MAX_NOTE_CHARACTERS

_PREFIX = "value_"


class _SheetForm(FlaskForm):
    version = IntegerField(default=0, widget=HiddenInput())
    note = TextAreaField(_l("Catatan"), [Length(max=MAX_NOTE_CHARACTERS, message=_l("Catatan terlalu panjang."))])

    codes: Sequence[str] = ()

    def scales(self) -> list[RadioField]:
        """The radio fields, one per criterion, in order."""
        return [self[_PREFIX + code] for code in self.codes]

    def values(self) -> dict[str, int]:
        return {code: self[_PREFIX + code].data for code in self.codes}

    def say_stale(self, message: str, *, version: int) -> None:
        """Keep what was typed, say what changed, and carry the version that is stored now."""
        self.form_errors.append(message)
        self.version.raw_data, self.version.data = None, version


def _whole_number(text: object) -> int | None:
    """What the browser sent as a number; something else becomes a value that no scale holds."""
    if text is None:
        return None
    try:
        return int(str(text))
    except ValueError:
        return -1


def sheet_form(criteria: Sequence[Criterion], **defaults: object) -> _SheetForm:
    """The form for these criteria. ``defaults``: note, version, and ``values`` by criterion code."""
    values = dict(defaults.pop("values", None) or {})
    fields: dict[str, object] = {"codes": tuple(criterion.code for criterion in criteria)}
    for criterion in criteria:
        low, high = criterion.scale_min, criterion.scale_max
        name = localized(criterion, "name")
        fields[_PREFIX + criterion.code] = RadioField(
            f"{criterion.code} – {name}", coerce=_whole_number, validate_choice=False,
            choices={value: str(value) for value in range(low, high + 1)},
            description=localized(criterion, "question"),
            validators=[InputRequired(_("Pilih nilai %(name)s.", name=name)),
                        NumberRange(low, high, _("Nilai %(name)s harus dari %(low)s sampai %(high)s.",
                                                 name=name, low=low, high=high))])
    form_class = type("SheetForm", (_SheetForm,), fields)
    return form_class(data={**defaults, **{_PREFIX + code: value for code, value in values.items()}})
