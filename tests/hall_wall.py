"""A sitting with its wall on the projector, in front of a facilitator, for tests."""
import re
from html import unescape

from builders import make_submission
from phone import open_sitting
from staff_client import sign_in_as


class Hall:
    """A sitting with its wall on the projector, in front of a facilitator."""

    def __init__(self, app):
        self.app, self.sitting = app, open_sitting(app)
        self.staff = sign_in_as(app, "facilitator")
        self.page = f"/staff/sessions/{self.sitting}/projector"

    def wall(self, **options):
        answer = self.staff.get(self.page + "/live", **options)
        assert answer.status_code in {200, 304}
        return answer

    def text(self):
        """What can be read on the wall, in one line."""
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", self.wall().text)).split())

    def ideas(self):
        return re.findall(r"<p>(.*?)</p></li>", self.wall().text)

    def keys(self):
        return re.findall(r'data-key="([\d.]+)"', self.wall().text)

    def add(self, body, **fields):
        with self.app.app_context():
            return make_submission(self.sitting, body, **fields)
