"""The forms of the phone, and the words for codes. No session and no token: the key does their work.

Every message says what to do. Nothing is refused by the browser, so that everything typed reaches
the server and comes back in the page.
"""
from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from forum.formatting import localized, number
from forum.submissions.models import APPROACHES, KINDS
from forum.submissions.queries import PackChoices
from forum.submissions.storing import Content
from forum.typed import clean_text

MIN_BODY_CHARACTERS = 5
MAX_LINE_CHARACTERS = 200
NO_AREA = "-"  # said not to say, which is an answer to remember

KIND_NAMES = {
    "problem": _l("Masalah"), "proposal": _l("Usulan"), "practice": _l("Praktik baik"),
    "evaluation": _l("Evaluasi program"),
}
KIND_HINTS = {
    "problem": _l("Yang perlu diperbaiki"), "proposal": _l("Yang sebaiknya dibuat"),
    "practice": _l("Yang sudah berjalan baik"), "evaluation": _l("Penilaian program yang berjalan"),
}
KIND_ICONS = {kind: kind for kind in KINDS}
APPROACH_NAMES = {
    "technology": _l("Teknologi"), "non_technology": _l("Tanpa teknologi"), "combined": _l("Kombinasi"),
}
RATING_NAMES = {
    1: _l("1, sangat kurang"), 2: _l("2, kurang"), 3: _l("3, cukup"), 4: _l("4, baik"), 5: _l("5, sangat baik"),
}
_RATINGS = {str(score): score for score in RATING_NAMES}
STATE_NAMES = {
    "waiting": _l("Menunggu pemeriksaan petugas"), "accepted": _l("Diterima"),
    "hidden": _l("Disembunyikan petugas"), "withdrawn": _l("Ditarik kembali"),
}
STATE_PILLS = {"waiting": "warn", "accepted": "good", "hidden": "bad", "withdrawn": ""}
# Fields besides the text, by kind; what was typed into the fields of another kind is not stored.
FIELDS_OF_KIND = {
    "problem": ("place", "dimension_id"), "proposal": ("place", "approach", "dimension_id"),
    "practice": ("practice_where", "practice_owner", "dimension_id"), "evaluation": ("programme", "rating"),
}


class _PhoneForm(FlaskForm):
    class Meta:
        csrf = False


class AuthorForm(_PhoneForm):
    """For whom and from where somebody speaks."""

    group = RadioField(_l("Anda mewakili unsur apa?"), validate_choice=False)
    area = SelectField(_l("Kelurahan Anda"), default="", validate_choice=False)

    def offer_groups(self, choices: PackChoices) -> None:
        self._group_ids, self._area_ids = choices.group_ids(), choices.area_ids()
        self.group.choices = [SelectChoice(group.code, localized(group, "name")) for group in choices.groups]
        self.area.choices = [
            SelectChoice("", _("Pilih kelurahan")), SelectChoice(NO_AREA, _("Luar kota atau tidak ingin menyebut")),
            *(SelectChoice(area.code, area.name_id, optgroup=district)
              for district, villages in choices.districts for area in villages)]

    @property
    def area_code(self) -> str | None:
        return self.area.data if self.area.data not in (None, "", NO_AREA) else None

    def validate_group(self, field: Field) -> None:
        if field.data not in self._group_ids:
            raise ValidationError(_("Pilih unsur yang Anda wakili."))

    def validate_area(self, field: Field) -> None:
        if self.area_code is not None and self.area_code not in self._area_ids:
            raise ValidationError(_("Pilih kelurahan dari daftar, atau “Luar kota atau tidak ingin menyebut”."))


class IdeaForm(_PhoneForm):
    """One idea: its kind, its text, and the few fields of its kind."""

    kind = RadioField(_l("Jenis masukan"), validate_choice=False,
                      choices=[SelectChoice(kind, name) for kind, name in KIND_NAMES.items()])
    body = TextAreaField(_l("Tulis masukan Anda"), filters=[clean_text])
    place = StringField(_l("Di mana tepatnya?"), filters=[clean_text])
    approach = RadioField(_l("Cara yang Anda bayangkan"), default="", validate_choice=False, choices=[
        SelectChoice(approach, name) for approach, name in (*APPROACH_NAMES.items(), ("", _l("Belum tahu")))])
    practice_where = StringField(_l("Di mana praktik ini berjalan?"), filters=[clean_text])
    practice_owner = StringField(_l("Siapa yang menjalankannya?"), filters=[clean_text])
    programme = StringField(_l("Program apa yang Anda nilai?"), filters=[clean_text])
    rating = RadioField(_l("Nilai Anda untuk program ini"), validate_choice=False,
                        choices=[SelectChoice(score, score) for score in _RATINGS])
    dimension = SelectField(_l("Bidang kota cerdas"), default="", validate_choice=False)

    def offer(self, choices: PackChoices) -> None:
        """Fill in what the city pack offers; a narrower dimension that is chosen already stays choosable."""
        self._dimension_ids = choices.dimension_ids()
        offered = [*choices.dimensions, *(one for one in choices.sub_dimensions if one.code == self.dimension.data)]
        self.dimension.choices = [SelectChoice("", _("Belum tahu")),
                                  *(SelectChoice(one.code, localized(one, "name")) for one in offered)]

    def show(self, content: Content) -> None:
        """Prefill with stored content; call before `offer`."""
        codes = {"rating": str(content.rating or ""), "approach": content.approach or ""}
        for name in ("kind", "body", "place", "practice_where", "practice_owner", "programme"):
            codes[name] = getattr(content, name)
        for name, value in codes.items():
            self[name].data = value

    def content(self) -> Content:
        """What the valid form says, without the fields of other kinds."""
        kind = self.kind.data
        values = {
            "approach": self.approach.data or None, "place": self.place.data,
            "practice_where": self.practice_where.data, "practice_owner": self.practice_owner.data,
            "programme": self.programme.data, "rating": _RATINGS.get(self.rating.data),
            "dimension_id": self._dimension_ids.get(self.dimension.data),
        }
        return Content(kind=kind, body=self.body.data, **{name: values[name] for name in FIELDS_OF_KIND[kind]})

    def typed(self) -> str:
        """Everything typed, valid or not, as one text to copy."""
        lines = [self.body.data] + [f"{field.label.text}: {field.data}" for field in (
            self.place, self.practice_where, self.practice_owner, self.programme) if field.data]
        return "\n".join(line for line in lines if line)

    def validate_kind(self, field: Field) -> None:
        if field.data not in KINDS:
            raise ValidationError(_("Pilih jenis masukan Anda."))

    def validate_body(self, field: Field) -> None:
        length, limit = len(field.data), current_app.config["MAX_TEXT_CHARACTERS"]
        if not length:
            raise ValidationError(_("Tulis masukan Anda."))
        if length < MIN_BODY_CHARACTERS:
            raise ValidationError(_("Tulisan terlalu pendek. Ceritakan sedikit lebih banyak."))
        if length > limit:
            raise ValidationError(_(
                "Tulisan Anda %(length)s karakter, paling banyak %(limit)s. Ringkas %(over)s karakter, "
                "atau kirim sebagai beberapa masukan.",
                length=number(length), limit=number(limit), over=number(length - limit)))

    def validate_place(self, field: Field) -> None:
        self._check_line(field)

    def validate_practice_where(self, field: Field) -> None:
        self._check_line(field, _("Tulis di mana praktik baik ini berjalan."))

    def validate_practice_owner(self, field: Field) -> None:
        self._check_line(field)

    def validate_programme(self, field: Field) -> None:
        self._check_line(field, _("Tulis nama program yang Anda nilai."))

    def validate_rating(self, field: Field) -> None:
        if self._is_used("rating") and field.data not in _RATINGS:
            raise ValidationError(_("Pilih nilai 1 sampai 5 untuk program ini."))

    def validate_approach(self, field: Field) -> None:
        if self._is_used("approach") and field.data and field.data not in APPROACHES:
            raise ValidationError(_("Pilih salah satu cara, atau “Belum tahu”."))

    def validate_dimension(self, field: Field) -> None:
        if self._is_used("dimension_id") and field.data and field.data not in self._dimension_ids:
            raise ValidationError(_("Pilih salah satu bidang, atau “Belum tahu”."))

    def _is_used(self, name: str) -> bool:
        return name in FIELDS_OF_KIND.get(self.kind.data, ())

    def _check_line(self, field: Field, missing: str | None = None) -> None:
        if not self._is_used(field.name):
            return
        if missing and not field.data:
            raise ValidationError(missing)
        if len(field.data) > MAX_LINE_CHARACTERS:
            raise ValidationError(_("Isian ini %(length)s karakter, paling banyak %(limit)s.",
                                    length=number(len(field.data)), limit=number(MAX_LINE_CHARACTERS)))


class SubmissionForm(AuthorForm, IdeaForm):
    """The whole form of the phone: who you are, your idea, your consent."""

    key = HiddenField()
    receipt = HiddenField()
    notice = HiddenField()
    consent = BooleanField(_l("Saya setuju masukan ini disimpan dan diolah seperti dijelaskan di atas. Saya berusia "
                              "17 tahun ke atas, atau didampingi orang tua/wali."))

    def validate_consent(self, field: Field) -> None:
        if not field.data:
            raise ValidationError(_("Centang persetujuan agar masukan Anda boleh kami simpan."))


class CorrectionForm(IdeaForm):
    """The idea again, with the number of the version that its author read."""

    number = HiddenField()
