"""The setting EMBEDDING_FOLDER: used by a run when it can be, and never in the way of one."""
import numpy as np
import pytest
from review_forum import Forum
from staff_client import sign_in_as
from tokenizers import Tokenizer
from tokenizers.models import WordLevel

from forum.review import queries


@pytest.fixture
def folder(tmp_path):
    from model2vec import StaticModel

    tokenizer = Tokenizer(WordLevel({"[UNK]": 0, "sampah": 1}, unk_token="[UNK]"))
    StaticModel(np.ones((2, 4), dtype=np.float32), tokenizer, config={}).save_pretrained(str(tmp_path / "model"))
    return tmp_path / "model"


def run_with(make_app, folder):
    app = make_app(EMBEDDING_FOLDER=str(folder))
    forum = Forum(app, sign_in_as(app, "facilitator"))
    forum.run()
    with app.app_context():
        return forum, queries.latest_run(forum.id), app.test_cli_runner().invoke(args=["doctor"]).output


def test_a_run_uses_the_model_and_keeps_its_digest(make_app, folder):
    _forum, run, doctor = run_with(make_app, folder)

    assert len(run.versions["embedding"]) == 12
    assert f"model makna terbaca ({run.versions['embedding']})" in doctor
    assert "embedding_unavailable" not in str(run.warnings)


def test_a_model_that_cannot_be_read_is_told_and_the_run_goes_on(make_app, folder):
    (folder / "model.safetensors").write_bytes(b"broken")
    forum, run, doctor = run_with(make_app, folder)

    assert run.state == "done"
    assert "embedding" not in run.versions
    assert "Model makna tidak terbaca" in forum.get(forum.board).text
    assert f"PERLU  Folder model makna {folder} rusak" in doctor
