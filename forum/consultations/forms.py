"""Forms of consultations, and the words for codes."""
import re
from datetime import datetime
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf, InputRequired, Length, NumberRange, ValidationError

from forum.consultations.models import CityPack
from forum.consultations.notice import NoticeFacts
from forum.typed import clean_line, clean_text

STATE_NAMES = {"draft": _l("Belum dibuka"), "open": _l("Terbuka"), "closed": _l("Ditutup")}
STATE_PILLS = {"draft": "", "open": "good", "closed": "warn"}
MODERATION_NAMES = {
    "after": _l("Langsung tampil; petugas menyembunyikan bila perlu"),
    "before": _l("Menunggu sampai petugas memeriksa"),
}
_FIRST_YEAR, _LAST_YEAR = 2000, 2100


def _id(typed: object) -> int:
    """An id out of a list of choices; what is none becomes 0, which names nothing."""
    digits = str(typed)
    return int(digits) if re.fullmatch(r"[0-9]{1,9}", digits) else 0


class ConsultationForm(FlaskForm):
    pack = SelectField(_l("Kota"), coerce=_id, validate_choice=False)
    title = StringField(_l("Judul"), [
        InputRequired(_l("Tulis judul konsultasi.")),
        Length(3, 150, _l("Judul 3 sampai 150 karakter."))], filters=[clean_line])
    purpose = TextAreaField(_l("Tujuan"), [
        InputRequired(_l("Tulis tujuan konsultasi.")),
        Length(10, 1000, _l("Tujuan 10 sampai 1.000 karakter."))], filters=[clean_text])
    controller = StringField(_l("Pengendali data"), [
        InputRequired(_l("Tulis instansi yang bertanggung jawab atas data.")),
        Length(3, 200, _l("Pengendali data 3 sampai 200 karakter."))], filters=[clean_line])
    contact = StringField(_l("Kontak"), [
        InputRequired(_l("Tulis kontak untuk pertanyaan tentang data.")),
        Length(3, 200, _l("Kontak 3 sampai 200 karakter."))], filters=[clean_line])
    privacy_officer = StringField(_l("Pejabat pelindungan data"), [
        Length(max=200, message=_l("Pejabat pelindungan data paling banyak 200 karakter."))], filters=[clean_line])
    retention_months = IntegerField(_l("Masa simpan (bulan)"), [
        InputRequired(_l("Tulis masa simpan dalam angka, misalnya 24.")),
        NumberRange(1, 120, _l("Masa simpan 1 sampai 120 bulan."))], default=24,
        invalid_value_message=_l("Tulis masa simpan dalam angka bulat, misalnya 24."))
    asks_contact = BooleanField(default=True, label=_l(
        "Peserta boleh meninggalkan nomor telepon atau surel (tidak wajib, atas izin tersendiri)"))
    moderation = RadioField(_l("Kapan masukan tampil"), [
        AnyOf(MODERATION_NAMES, _l("Pilih kapan masukan tampil."))], validate_choice=False, default="after",
        choices=[SelectChoice(code, name) for code, name in MODERATION_NAMES.items()])
    version = HiddenField(default="0", filters=[_id])

    def offer_packs(self, packs: list[CityPack]) -> None:
        self.pack.choices = [SelectChoice(pack.id, pack.city_id) for pack in packs]

    def facts(self) -> NoticeFacts:
        """What the privacy notice is made of, as typed."""
        return NoticeFacts(title=self.title.data, purpose=self.purpose.data, controller=self.controller.data,
                           contact=self.contact.data, privacy_officer=self.privacy_officer.data,
                           retention_months=self.retention_months.data, asks_contact=self.asks_contact.data)


class ForumSessionForm(FlaskForm):
    title = StringField(_l("Nama sesi"), [
        InputRequired(_l("Tulis nama sesi.")),
        Length(3, 150, _l("Nama sesi 3 sampai 150 karakter."))], filters=[clean_line])
    place = StringField(_l("Tempat"), [
        InputRequired(_l("Tulis tempatnya, atau “daring”.")),
        Length(2, 150, _l("Tempat 2 sampai 150 karakter."))], filters=[clean_line])
    date = DateField(_l("Tanggal"), [InputRequired(_l("Pilih tanggal."))],
                     invalid_value_message=_l("Tulis tanggal yang ada di kalender, misalnya 2027-01-20."))
    time = TimeField(_l("Jam mulai"), [InputRequired(_l("Tulis jam mulai, misalnya 09:00."))],
                     invalid_value_message=_l("Tulis jam dari 00:00 sampai 23:59, misalnya 09:00."))

    def validate_date(self, field: DateField) -> None:
        if field.data and not _FIRST_YEAR <= field.data.year <= _LAST_YEAR:
            raise ValidationError(_l("Tahun antara 2000 dan 2100. Periksa lagi tanggalnya."))

    def starts_at(self, timezone: str) -> datetime:
        """Date and time as typed, which are local to the city."""
        return datetime.combine(self.date.data, self.time.data, ZoneInfo(timezone))
