"""How the wall asks for what is new: seldom and cheaply, with and without scripts, in the colours it is to have."""
import pytest
from hall_wall import Hall
from phone import FORM, FROM_OUR_PAGE

from forum import recent
from forum.wall import routes

# As it is in a hall, before the fixture below changes it.
VERSION_KEPT_SECONDS = recent.KEPT_SECONDS


pytestmark = pytest.mark.usefixtures("fresh_answers")


@pytest.fixture
def hall(app):
    return Hall(app)


class TestAsking:
    def test_an_unchanged_wall_is_a_304_and_nothing_is_read_for_it(self, hall, monkeypatch):
        hall.add("Lampu gang padam.")
        etag = hall.wall().headers["ETag"]
        monkeypatch.setattr(routes, "wall_of", None)
        answer = hall.wall(headers={"If-None-Match": etag})
        assert (answer.status_code, answer.data) == (304, b"")
        packed = hall.wall(headers={"Accept-Encoding": "gzip", "If-None-Match": f"W/{etag}"})
        assert packed.status_code == 304

    def test_what_changes_nothing_on_the_wall_moves_nothing(self, app, client, hall):
        entry = hall.add("Lampu gang padam.")
        etag = hall.wall().headers["ETag"]
        client.post(f"{FORM}/react", data={"submission": entry, "value": "agree"}, headers=FROM_OUR_PAGE)
        assert hall.wall(headers={"If-None-Match": etag}).status_code == 304

    def test_a_change_shows_within_three_seconds(self):
        assert routes.EVERY_SECONDS + VERSION_KEPT_SECONDS < 3

    def test_the_page_names_the_door_and_how_often_it_asks(self, hall):
        page = hall.staff.get(hall.page).text
        assert f'data-live="{hall.page}/live" data-every="{routes.EVERY_SECONDS}"' in page
        assert "KRM-479" in page
        assert "<svg" in page.partition('class="qr"')[2][:200]

    def test_without_scripts_it_reloads_itself_unless_it_stands_still(self, hall):
        refresh = '<noscript><meta http-equiv="refresh" content="2"></noscript>'
        assert refresh in hall.staff.get(hall.page).text
        paused = hall.staff.get(hall.page, query_string={"paused": 1}).text
        assert refresh not in paused
        assert "Lanjutkan" in paused

    @pytest.mark.parametrize(("scheme", "media"), [
        ("", "screen and (prefers-color-scheme: dark)"), ("dark", "screen"), ("light", "not all"),
        ('"><script>', "screen and (prefers-color-scheme: dark)")])
    def test_colours_follow_the_system_or_the_choice(self, hall, scheme, media):
        page = hall.staff.get(hall.page, query_string={"scheme": scheme}).text
        assert f'media="{media}"' in page

    def test_in_english(self, hall):
        hall.staff.set_cookie("language", "en")
        hall.add("Lampu gang padam.")
        assert "1 person 1 submission" in hall.text()
        hall.staff.set_cookie("language", "id")
        assert "1 orang ikut" in hall.text()
