"""The cache of ./dev notices broken and interrupted steps (issue 2 §1)."""

import pytest

from devtools.cache import STAMP, Cache, digest


@pytest.fixture
def cache(tmp_path):
    return Cache(tmp_path)


def count_builds(cache, **options):
    """A function that asks for one step, and the list of its builds."""
    built = []

    def build(path):
        built.append(path)
        (path / "content").write_text("whole")
        return {"number": len(built)}

    def ask():
        return cache.step("thing", "key", build, title="Thing", **options)

    return ask, built


def test_a_finished_step_is_built_once(cache):
    ask, built = count_builds(cache)
    path = ask()
    assert ask() == path
    assert len(built) == 1
    assert cache.facts(path) == {"number": 1}


def test_a_step_without_its_stamp_is_built_again_from_nothing(cache):
    ask, built = count_builds(cache)
    path = ask()
    (path / STAMP).unlink()
    (path / "leftover").write_text("half")
    ask()
    assert len(built) == 2
    assert not (path / "leftover").exists()


def test_a_step_that_fails_its_health_check_is_built_again(cache):
    ask, built = count_builds(cache, healthy=lambda path: (path / "content").exists())
    path = ask()
    (path / "content").unlink()
    ask()
    assert len(built) == 2
    assert (path / "content").read_text() == "whole"


def test_a_build_that_raises_leaves_no_stamp(cache):
    def build(path):
        raise RuntimeError("network gone")

    with pytest.raises(RuntimeError, match="network gone"):
        cache.step("thing", "key", build, title="Thing")
    ask, built = count_builds(cache)
    ask()
    assert len(built) == 1


def test_digest_keeps_parts_apart():
    assert digest("ab", "c") != digest("a", "bc")
