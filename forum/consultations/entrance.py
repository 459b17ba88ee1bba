"""How people find a sitting: the address that phones open, what is typed by those who cannot scan, the QR."""
from io import BytesIO

import segno
from flask import current_app, request, url_for
from markupsafe import Markup

from forum.consultations.models import ForumSession

_QR_QUIET_MODULES = 4  # the margin that ISO/IEC 18004 asks for; without it phones hunt


def phone_address(forum_session: ForumSession) -> str:
    """Absolute address that phones open for a sitting."""
    path = url_for("submissions.form", code=forum_session.join_code).removeprefix(request.script_root)
    return _base_address() + path


def front_door() -> str:
    """What people type who cannot scan: browsers try https by themselves, but not http with a port."""
    return _base_address().removeprefix("https://")


def qr_svg(address: str) -> Markup:
    """The QR of an address as SVG, black on white also in the dark, because phones need that."""
    buffer = BytesIO()
    # No size of its own: the page's style sheet says how large it is.
    segno.make(address, error="m", micro=False).save(
        buffer, kind="svg", border=_QR_QUIET_MODULES, dark="#000", light="#fff", omitsize=True, xmldecl=False,
        svgclass=None, lineclass=None)
    return Markup(buffer.getvalue().decode())  # noqa: S704  (drawn by us: numbers and colours only)


def _base_address() -> str:
    """The configured public address, else the one that this page was reached by; no slash at its end."""
    return (current_app.config["PUBLIC_URL"] or request.url_root).rstrip("/")
