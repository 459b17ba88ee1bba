from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, PasswordField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from forum.typed import clean_line

ROLE_NAMES = {
    "administrator": _l("Administrator"),
    "facilitator": _l("Fasilitator"),
    "planner": _l("Perencana"),
}


_ROLES = [SelectChoice(value, label) for value, label in ROLE_NAMES.items()]


class SignInForm(FlaskForm):
    username = StringField(_l("Nama akun"), [InputRequired(_l("Tulis nama akun Anda."))],
                           render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"})
    password = PasswordField(_l("Kata sandi"), [InputRequired(_l("Tulis kata sandi Anda."))],
                             render_kw={"autocomplete": "current-password"})
    next = HiddenField()


class AccountForm(FlaskForm):
    username = StringField(_l("Nama akun"), [InputRequired(_l("Tulis nama akun."))],
                           render_kw={"autocomplete": "off", "autocapitalize": "none"})
    name = StringField(_l("Nama lengkap"), [InputRequired(_l("Tulis nama lengkap.")),
                                            Length(max=100, message=_l("Paling banyak 100 huruf."))],
                       filters=[clean_line])
    role = SelectField(_l("Peran"), choices=_ROLES, default="facilitator",
                       invalid_choice_message=_l("Pilih salah satu peran."))
    password = PasswordField(_l("Kata sandi awal"), [InputRequired(_l("Tulis kata sandi awal."))],
                             render_kw={"autocomplete": "new-password"})


class AccountChangeForm(FlaskForm):
    role = SelectField(_l("Peran"), choices=_ROLES, invalid_choice_message=_l("Pilih salah satu peran."))
    is_active = BooleanField(_l("Akun aktif"))
