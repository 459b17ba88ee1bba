from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

_KINDS = [SelectChoice("problem", _l("Masalah")), SelectChoice("proposal", _l("Usulan")),
          SelectChoice("practice", _l("Praktik baik")), SelectChoice("evaluation", _l("Evaluasi program"))]


class ImportForm(FlaskForm):
    forum_session = SelectField(_l("Sesi"), coerce=int, validate_choice=False)
    file = FileField(_l("Berkas CSV atau TSV"), [FileRequired(_l("Pilih berkasnya."))])
    text = StringField(_l("Kolom teks"), [InputRequired(_l("Tulis nama kolom yang berisi masukan.")),
                                          Length(max=100, message=_l("Paling banyak 100 karakter."))])
    has_no_header = BooleanField(_l("Baris pertama sudah berisi data (kolom disebut dengan nomor: 1, 2, …)"))
    group = StringField(_l("Kolom unsur"), [Length(max=100, message=_l("Paling banyak 100 karakter."))], default="")
    area = StringField(_l("Kolom kelurahan"), [Length(max=100, message=_l("Paling banyak 100 karakter."))], default="")
    kind = SelectField(_l("Jenis masukan"), choices=_KINDS, validate_choice=False)  # the service refuses in words
