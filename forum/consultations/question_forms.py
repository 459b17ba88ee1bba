"""The form of a question, and the words for its kinds."""
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf, InputRequired, Length, ValidationError

from forum.consultations.asking import QuestionFacts
from forum.consultations.models import Question
from forum.typed import clean_line, clean_text

KIND_NAMES = {"text": _l("Jawaban singkat"), "choice": _l("Pilih satu"), "choices": _l("Pilih beberapa"),
              "scale": _l("Skala 1 sampai 5")}
MIN_OPTIONS, MAX_OPTIONS, MAX_OPTION_CHARACTERS = 2, 10, 100


class QuestionForm(FlaskForm):
    text_id = StringField(_l("Pertanyaan"), [
        InputRequired(_l("Tulis pertanyaannya.")),
        Length(5, 200, _l("Pertanyaan 5 sampai 200 karakter."))], filters=[clean_line])
    text_en = StringField(_l("Pertanyaan dalam bahasa Inggris"), [
        Length(max=200, message=_l("Pertanyaan 5 sampai 200 karakter."))], filters=[clean_line])
    kind = RadioField(_l("Cara menjawab"), [AnyOf(KIND_NAMES, _l("Pilih cara menjawab."))], validate_choice=False,
                      default="text", choices=[SelectChoice(code, name) for code, name in KIND_NAMES.items()])
    options = TextAreaField(_l("Pilihan jawaban"), filters=[clean_text])
    is_required = BooleanField(_l("Wajib dijawab"))

    def validate_options(self, field: TextAreaField) -> None:
        if self.kind.data not in ("choice", "choices"):
            return
        options = self._options()
        if not MIN_OPTIONS <= len(options) <= MAX_OPTIONS:
            raise ValidationError(_l("Tulis 2 sampai 10 pilihan jawaban, satu per baris."))
        if any(len(text) > MAX_OPTION_CHARACTERS for option in options for text in option):
            raise ValidationError(_l("Setiap pilihan paling banyak 100 karakter."))
        if len({indonesian.casefold() for indonesian, _english in options}) < len(options):
            raise ValidationError(_l("Dua pilihan tidak boleh sama."))

    @classmethod
    def of(cls, question: Question) -> "QuestionForm":
        """The form as it was filled in for a stored question, or as it comes with this request."""
        lines = (f"{one['id']} | {one['en']}" if one["en"] else one["id"] for one in question.options)
        return cls(data={"text_id": question.text_id, "text_en": question.text_en, "kind": question.kind,
                         "is_required": question.is_required, "options": "\n".join(lines)})

    def facts(self) -> QuestionFacts:
        is_choice = self.kind.data in ("choice", "choices")
        return QuestionFacts(kind=self.kind.data, text_id=self.text_id.data, text_en=self.text_en.data,
                             options=self._options() if is_choice else (), is_required=self.is_required.data)

    def _options(self) -> tuple[tuple[str, str], ...]:
        """One option per line, ``Indonesian | English``."""
        lines = (line.partition("|") for line in (self.options.data or "").split("\n"))
        return tuple((clean_line(indonesian), clean_line(english)) for indonesian, _bar, english in lines
                     if clean_line(indonesian))
