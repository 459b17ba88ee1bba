"""Doors of accounts: sign in and out, and the administrator's list."""
from datetime import timedelta

from flask import Blueprint, Flask, Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user, login_user, logout_user

from forum.accounts import known_browser, queries, services, signed_in
from forum.accounts import resume as resume_form
from forum.accounts.forms import ROLE_NAMES, AccountChangeForm, AccountForm, SignInForm
from forum.accounts.resume import carried_fields
from forum.accounts.signed_in import SignedIn, actor, forget
from forum.db import utc_now
from forum.errors import ForumError
from forum.security import digest, local_path, open_to

bp = Blueprint("accounts", __name__, url_prefix="/staff")


@bp.route("/sign-in", methods=["GET", "POST"])
@open_to("public")
def sign_in() -> Response | str | tuple[str, int]:
    """Anybody: the sign-in page."""
    form = SignInForm()
    if request.method == "GET":
        form.next.data = request.args.get("next", "")
        if current_user.is_authenticated:
            return redirect(local_path(form.next.data), 303)
    status = 200
    if form.validate_on_submit():
        try:
            _open_sign_in(form)
        except ForumError as refusal:
            form.password.errors = [str(refusal)]
            status = refusal.status
        else:
            return redirect(local_path(form.next.data), 303)
    elif form.is_submitted():
        status = 422
    return render_template("accounts/sign_in.html", form=form), status


@bp.post("/resume")
@open_to("public")
def resume() -> Response | str | tuple[str, int]:
    """Sign in again in the middle of a form, then show its fields with a fresh token to send."""
    form = SignInForm()
    path = local_path(request.form.get("resume_path"))
    fields = carried_fields()
    if form.validate_on_submit():
        try:
            _open_sign_in(form)
        except ForumError as refusal:
            form.password.errors = [str(refusal)]
        else:
            return resume_form.resume_body(signed_in=True, fields=fields, path=path, form=form)
    return resume_form.resume_body(signed_in=False, fields=fields, path=path, form=form), 401


@bp.post("/sign-out")
@open_to("staff")
def sign_out() -> Response:
    """Staff: end this sign-in everywhere."""
    services.sign_out(token=current_user.token, actor=actor(), now=utc_now())
    logout_user()
    forget()
    return redirect(url_for("accounts.sign_in"), 303)


@bp.route("/accounts", methods=["GET", "POST"])
@open_to("administrator")
def index() -> Response | str | tuple[str, int]:
    """Administrator: the list of accounts, and a form to add one."""
    form = AccountForm()
    status = 200
    if form.validate_on_submit():
        try:
            services.add_account(username=form.username.data, name=form.name.data, role=form.role.data,
                                 password=form.password.data, actor=actor(), now=utc_now())
        except services.UnusableAccount as refusal:
            form.username.errors = [str(refusal)]
            status = refusal.status
        else:
            flash(_("Akun %(username)s ditambahkan.", username=form.username.data), "success")
            return redirect(url_for("accounts.index"), 303)
    elif form.is_submitted():
        status = 422
    return render_template("accounts/index.html", form=form, accounts=queries.all_accounts(),
                           role_names=ROLE_NAMES), status


@bp.route("/accounts/<int:account_id>", methods=["GET", "POST"])
@open_to("administrator")
def edit(account_id: int) -> Response | tuple[str, int]:
    """Administrator: change role and activity of one account."""
    account = queries.account_by_id(account_id) or abort(404)
    form = AccountChangeForm(obj=account)
    status = 200
    if form.validate_on_submit():
        try:
            services.change_account(account_id=account_id, role=form.role.data, is_active=form.is_active.data,
                                    actor=actor(), now=utc_now())
        except services.UnusableAccount as refusal:
            form.role.errors = [str(refusal)]
            status = refusal.status
        else:
            flash(_("Akun diperbarui. Pemiliknya perlu masuk lagi."), "success")
            return redirect(url_for("accounts.index"), 303)
    elif form.is_submitted():
        status = 422
    return render_template("accounts/edit.html", form=form, account=queries.account_by_id(account_id)), status


def _open_sign_in(form: SignInForm) -> None:
    """Check name and password, then begin a new session for this browser."""
    config = current_app.config
    token = services.sign_in(
        username=form.username.data, password=form.password.data, address=request.remote_addr or "",
        attempts_per_account=config["SIGN_IN_ATTEMPTS"],
        attempts_per_address=config["SIGN_IN_ATTEMPTS_PER_ADDRESS"],
        lifetime=timedelta(hours=config["SESSION_LIFETIME_HOURS"]), now=utc_now(), browser=known_browser.here())
    forget()
    staff_session = queries.live_session(digest(token), now=utc_now())
    if staff_session is None:
        abort(500)
    known_browser.remember(staff_session.account_id)
    login_user(SignedIn(token, staff_session))


def init_app(app: Flask) -> None:
    """Set up the room: who is signed in, how an expired form is saved, its doors."""
    signed_in.init_app(app)
    resume_form.init_app(app)
    app.register_blueprint(bp)
