"""The forms of the phone, and the words for codes. No session and no token: the key does their work.

What is right and wrong, and the messages, stand in `forum.submissions.rules`.
"""
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, FileField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice

from forum.consultations.halls import ContactWords
from forum.consultations.questions import Asked
from forum.formatting import localized
from forum.submissions import answering, contacting, rules
from forum.submissions.models import KINDS
from forum.submissions.queries import Choice, PackChoices
from forum.submissions.storing import Content
from forum.typed import clean_line, clean_text

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
STATE_NAMES = {
    "waiting": _l("Menunggu pemeriksaan petugas"), "accepted": _l("Diterima"),
    "hidden": _l("Disembunyikan petugas"), "withdrawn": _l("Ditarik kembali"),
}
STATE_PILLS = {"waiting": "warn", "accepted": "good", "hidden": "bad", "withdrawn": ""}
# Limits for the phone, so that it promises a receipt only for what the server will take.
_LINE = {"data-most": rules.MAX_LINE_CHARACTERS}


def _needed(name: str) -> dict[str, Any]:
    """For the phone: what to say where this field is left empty."""
    return {"data-missing": rules.MISSING[name]}


class _PhoneForm(FlaskForm):
    """A form whose fields are judged by `forum.submissions.rules`; offer the choices before validating."""

    fields_judged: tuple[str, ...] = ()
    questions: tuple[Asked, ...] = ()

    class Meta:
        csrf = False

    def offer(self, choices: PackChoices) -> None:
        self.choices_offered = choices

    def values(self) -> dict[str, str]:
        """What was typed or chosen, for the rules."""
        typed = {name: str(self[name].data or "") for name in self._judged()}
        for name in answering.names(self.questions):
            data = self[name].data or ""
            typed[name] = "\n".join(data) if isinstance(data, list) else str(data)
        return typed

    def _judged(self) -> tuple[str, ...]:
        return tuple(name for name in self.fields_judged if name in self)

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        found = rules.mistakes(self.values(), self.choices_offered, self._judged(), self.questions)
        for name, message in found.items():
            self[name].errors = [message]
        return not found


class AuthorForm(_PhoneForm):
    """For whom and from where somebody speaks."""

    fields_judged = rules.AUTHOR_FIELDS
    group = RadioField(_l("Anda mewakili unsur apa?"), validate_choice=False, render_kw=_needed("group"))
    area = SelectField(_l("Kelurahan Anda"), default="", validate_choice=False)

    def offer(self, choices: PackChoices) -> None:
        super().offer(choices)
        self.group.choices = [SelectChoice(group.code, localized(group, "name")) for group in choices.groups]
        self.area.choices = [
            SelectChoice("", _("Pilih kelurahan")),
            SelectChoice(rules.NO_AREA, _("Luar kota atau tidak ingin menyebut")),
            *(SelectChoice(area.code, _with_aliases(area), optgroup=district)
              for district, villages in choices.districts for area in villages)]


def _with_aliases(area: Choice) -> str:
    """A village with its older names, so that whoever knows only those finds it."""
    others = [alias for alias in area.aliases if alias != area.name_id]
    return f"{area.name_id} ({', '.join(others)})" if others else area.name_id


class IdeaForm(_PhoneForm):
    """One idea: its kind, its text, and the few fields of its kind."""

    fields_judged = rules.IDEA_FIELDS
    kind = RadioField(_l("Jenis masukan"), validate_choice=False, render_kw=_needed("kind"),
                      choices=[SelectChoice(kind, name) for kind, name in KIND_NAMES.items()])
    body = TextAreaField(_l("Tulis masukan Anda"), filters=[clean_text], render_kw={
        "data-least": rules.MIN_BODY_CHARACTERS, "data-short": rules.TOO_SHORT} | _needed("body"))
    place = StringField(_l("Di mana tepatnya?"), filters=[clean_text], render_kw=_LINE)
    approach = RadioField(_l("Cara yang Anda bayangkan"), default="", validate_choice=False, choices=[
        SelectChoice(approach, name) for approach, name in (*APPROACH_NAMES.items(), ("", _l("Belum tahu")))])
    practice_where = StringField(
        _l("Di mana praktik ini berjalan?"), filters=[clean_text], render_kw=_LINE | _needed("practice_where"))
    practice_owner = StringField(_l("Siapa yang menjalankannya?"), filters=[clean_text], render_kw=_LINE)
    programme = StringField(
        _l("Program apa yang Anda nilai?"), filters=[clean_text], render_kw=_LINE | _needed("programme"))
    rating = RadioField(_l("Nilai Anda untuk program ini"), validate_choice=False, render_kw=_needed("rating"),
                        choices=[SelectChoice(score, score) for score in rules.RATINGS])
    dimension = SelectField(_l("Bidang kota cerdas"), default="", validate_choice=False)

    def offer(self, choices: PackChoices) -> None:
        """Fill in what the city pack offers; a narrower dimension that is chosen already stays choosable."""
        super().offer(choices)
        offered = [*choices.dimensions, *(one for one in choices.sub_dimensions if one.code == self.dimension.data)]
        self.dimension.choices = [SelectChoice("", _("Belum tahu")),
                                  *(SelectChoice(one.code, localized(one, "name")) for one in offered)]

    def show(self, content: Content) -> None:
        """Prefill with stored content; call before `offer`."""
        codes: dict[str, Any] = {"rating": str(content.rating or ""), "approach": content.approach or ""}
        codes |= answering.as_typed(content.answers, self.questions)
        for name in ("kind", *rules.TEXTS):
            codes[name] = getattr(content, name)
        for name, value in codes.items():
            self[name].data = value

    def content(self) -> Content:
        """What the valid form says, without the fields of other kinds."""
        return rules.content(self.values(), self.choices_offered, self.questions)

    def typed(self) -> str:
        """Everything typed, valid or not, as one text to copy."""
        lines = [self.body.data] + [f"{field.label.text}: {field.data}" for field in (
            self.place, self.practice_where, self.practice_owner, self.programme) if field.data]
        answers = answering.values(self.values(), self.questions)
        lines += [f"{question}: {answer}" for question, answer in answering.lines(answers, self.questions)]
        return "\n".join(line for line in lines if line)


class SubmissionForm(AuthorForm, IdeaForm):
    """The whole form of the phone: who you are, your idea, your consent."""

    fields_judged = rules.FORM_FIELDS
    key = HiddenField()
    receipt = HiddenField()
    notice = HiddenField()
    photo = FileField(_l("Foto"))
    contact = StringField(_l("Nomor telepon atau surel"), filters=[clean_line], render_kw={
        "pattern": contacting.ADDRESS_PATTERN, "data-wrong": contacting.ADDRESS_UNUSABLE,
        "data-missing": contacting.ADDRESS_MISSING, "data-needs": "contact_consent"})
    contact_name = StringField(_l("Nama panggilan"), filters=[clean_line], render_kw={
        "data-needs": "contact", "data-most": contacting.MAX_NAME_CHARACTERS})
    contact_consent = BooleanField(render_kw={  # its words are those of the notice
        "data-missing": contacting.CONSENT_MISSING, "data-needs": "contact"})
    consent = BooleanField(_l("Saya setuju masukan ini disimpan dan diolah seperti dijelaskan di atas. Saya berusia "
                              "17 tahun ke atas, atau didampingi orang tua/wali."), render_kw=_needed("consent"))

    def offer_contact(self, words: ContactWords | None) -> None:
        """Offer to leave a contact by agreeing to these words, or offer nothing."""
        if words is None:
            del self.contact, self.contact_name, self.contact_consent
        else:
            self.contact_consent.label.text = localized(words, "text")


class CorrectionForm(IdeaForm):
    """The idea again, with the number of the version that its author read."""

    number = HiddenField()


PhoneForm = TypeVar("PhoneForm", bound=_PhoneForm)


def asking(form_class: type[PhoneForm], questions: tuple[Asked, ...]) -> type[PhoneForm]:
    """The form with the questions of a consultation, in the reader's language."""
    if not questions:
        return form_class
    return type(form_class.__name__, (form_class,), {"questions": questions, **answering.fields(questions)})
