"""What the daemon keeps beside its stores: the secret, the lock, the directory."""

from __future__ import annotations

import pytest

from gateway.daemon import SECRET_BYTES, _Lock, _make, _secret
from gateway.errors import OurFault, UserFault


def test_the_secret_is_made_once_and_for_its_owner_alone(tmp_path):
    path = tmp_path / "secret"
    made = _secret(path)
    assert len(made) == SECRET_BYTES
    assert _secret(path) == made
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("content", [b"", b"short"])
def test_a_damaged_secret_is_refused_and_left_as_it_is(tmp_path, content):
    path = tmp_path / "secret"
    path.write_bytes(content)
    with pytest.raises(OurFault, match="damaged"):
        _secret(path)
    assert path.read_bytes() == content


def test_a_secret_half_written_in_a_crash_is_made_anew(tmp_path):
    (tmp_path / "secret.new").write_bytes(b"half")
    assert len(_secret(tmp_path / "secret")) == SECRET_BYTES


def test_a_second_daemon_is_kept_out_until_the_first_has_gone(tmp_path):
    with _Lock(tmp_path / "lock"), pytest.raises(UserFault, match="another gateway"), _Lock(tmp_path / "lock"):
        pass
    with _Lock(tmp_path / "lock"):
        assert (tmp_path / "lock").exists()


def test_a_directory_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(UserFault, match="cannot be made"):
        _make(tmp_path / "file" / "state")
