"""Arrays that are kept beside the package: worked out once, never believed when broken, never in the way."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from analysis import compiled
from analysis.compiled import kept_arrays
from analysis.concept_index import concept_index, general_index


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(compiled, "FOLDER", tmp_path / "kept")
    return tmp_path / "kept"


class Counted:
    """Works out arrays and counts how often it was asked."""

    def __init__(self):
        self.times = 0

    def __call__(self):
        self.times += 1
        return {"numbers": np.arange(1_000) / 7, "words": np.frombuffer(b"rob", dtype=np.uint8)}


def test_arrays_are_worked_out_once_and_come_back_to_the_bit(folder):
    work = Counted()

    first, second = kept_arrays("some", work), kept_arrays("some", work)

    assert work.times == 1
    assert first.keys() == second.keys()
    assert all(first[name].tobytes() == second[name].tobytes() for name in first)


def test_a_change_of_the_package_makes_a_new_file_and_removes_the_old_one(folder, monkeypatch):
    work = Counted()
    kept_arrays("some", work)
    kept_arrays("other", work)
    before = sorted(folder.iterdir())
    monkeypatch.setattr(compiled, "_digest", lambda: "changed")

    kept_arrays("some", work)

    assert work.times == 3
    assert sorted(path.name for path in folder.iterdir()) == sorted([before[0].name, "some-changed.npz"])


def test_the_digest_follows_word_lists_and_code(tmp_path, monkeypatch):
    (tmp_path / "lists").mkdir()
    (tmp_path / "code.py").write_text("a = 1\n", encoding="utf-8")
    (tmp_path / "lists" / "words.txt").write_text("rob\n", encoding="utf-8")
    monkeypatch.setattr(compiled, "PACKAGE", tmp_path)
    digests = [compiled._digest.__wrapped__()]

    (tmp_path / "lists" / "words.txt").write_text("rob\nbanjir\n", encoding="utf-8")
    digests.append(compiled._digest.__wrapped__())
    (tmp_path / "code.py").write_text("a = 2\n", encoding="utf-8")
    digests.append(compiled._digest.__wrapped__())

    assert len(set(digests)) == 3


@pytest.mark.parametrize("cut", [0, 10, 500])
def test_a_broken_file_is_replaced(folder, cut):
    work = Counted()
    kept_arrays("some", work)
    path = next(folder.iterdir())
    path.write_bytes(path.read_bytes()[:cut])

    kept_arrays("some", work)

    assert work.times == 2
    kept_arrays("some", work)
    assert work.times == 2


def test_a_file_whose_bytes_were_changed_is_replaced(folder):
    work = Counted()
    kept_arrays("some", work)
    path = next(folder.iterdir())
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))

    arrays = kept_arrays("some", work)

    assert work.times == 2
    np.testing.assert_array_equal(arrays["numbers"], np.arange(1_000) / 7)


def test_where_nothing_can_be_written_the_arrays_come_all_the_same(tmp_path, monkeypatch):
    blocked = tmp_path / "file"
    blocked.write_text("not a folder", encoding="utf-8")
    monkeypatch.setattr(compiled, "FOLDER", blocked / "kept")

    assert kept_arrays("some", Counted())["numbers"].size == 1_000


def test_many_at_once_leave_one_whole_file(folder):
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: kept_arrays("some", Counted()), range(16)))

    assert len({arrays["numbers"].tobytes() for arrays in found}) == 1
    assert [path.name.partition("-")[0] for path in folder.iterdir()] == ["some"]
    assert kept_arrays("some", pytest.fail)["numbers"].size == 1_000


@pytest.mark.parametrize("index_of", [concept_index, general_index])
def test_a_kept_index_is_the_one_that_was_built(folder, index_of):
    built, read = index_of.__wrapped__(), index_of.__wrapped__()

    assert len(list(folder.iterdir())) == 1
    for name in ("concepts", "features"):
        assert getattr(built, name) == getattr(read, name)
    assert list(built.background) == list(read.background)
    one, other = (index.finder.to_arrays() for index in (built, read))
    assert one.keys() == other.keys()
    assert all(np.array_equal(one[name], other[name]) for name in one)
    for name in ("weights", "spreading"):
        one, other = getattr(built, name), getattr(read, name)
        assert one.shape == other.shape
        assert all(getattr(one, part).tobytes() == getattr(other, part).tobytes() for part in ("data", "indices"))
