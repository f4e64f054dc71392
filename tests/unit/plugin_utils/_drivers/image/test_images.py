# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Images are taken whole and sound or not at all, and nothing is left of one that was refused."""

from __future__ import annotations

import hashlib
import io
import stat
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from ansible_collections.cairn.cloud.plugins.module_utils._schema.errors import DriverError
from ansible_collections.cairn.cloud.plugins.plugin_utils._drivers.bounds import Own
from ansible_collections.cairn.cloud.plugins.plugin_utils._drivers.image import source
from ansible_collections.cairn.cloud.plugins.plugin_utils._drivers.image.images import LocalImages
from ansible_collections.cairn.cloud.plugins.plugin_utils._ports.images import ImageFacts
from support.collection import CHECKOUT

from .conftest import Server

MIB = 1 << 20


@pytest.fixture
def images() -> LocalImages:
    return LocalImages(Own(()))


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A directory that is not there yet."""
    return tmp_path / "secondary" / "templates"


def qemu_img(*arguments: object) -> None:
    subprocess.run(["qemu-img", *map(str, arguments)], check=True, capture_output=True)


def facts(path: Path, format: str) -> ImageFacts:
    content = path.read_bytes()
    return ImageFacts(format, 8 * MIB, len(content), hashlib.sha256(content).hexdigest())


def refused(images: LocalImages, url: str, kept: Path, format: str = "QCOW2", checksum: str | None = None) -> str:
    """The sentence with which fetching is refused; nothing is left behind then."""
    with pytest.raises(DriverError) as caught:
        images.fetch(url, format, checksum, str(kept), "image")
    assert not kept.exists() or not list(kept.iterdir())
    return caught.value.sentence


def test_a_sound_image(images: LocalImages, qcow2: Path, raw: Path) -> None:
    assert images.inspect(str(qcow2), "QCOW2") == facts(qcow2, "qcow2")
    assert images.inspect(str(raw), "raw") == facts(raw, "raw")


@pytest.mark.parametrize("way", ["file", "http", "unsized", "to-here"])
def test_fetch(images: LocalImages, server: Server, qcow2: Path, kept: Path, way: str) -> None:
    path = qcow2.name if way == "http" else f"{way}/{qcow2.name}"
    url = qcow2.as_uri() if way == "file" else server.url(path)
    expected = facts(qcow2, "qcow2")
    assert not images.present(str(kept), "t1")
    assert images.fetch(url, "QCOW2", f"sha256:{expected.sha256}", str(kept), "t1") == expected
    assert images.present(str(kept), "t1")
    assert (kept / "t1").read_bytes() == qcow2.read_bytes()
    assert stat.S_IMODE((kept / "t1").stat().st_mode) == 0o600
    assert [file.name for file in kept.iterdir()] == ["t1"]
    images.delete(str(kept), "t1")
    images.delete(str(kept), "t1")
    assert not images.present(str(kept), "t1")


def test_one_that_is_there_is_used(images: LocalImages, server: Server, qcow2: Path, kept: Path) -> None:
    first = images.fetch(server.url(qcow2.name), "QCOW2", None, str(kept), "t1")
    qcow2.unlink()
    assert images.fetch(server.url(qcow2.name), "QCOW2", None, str(kept), "t1") == first
    assert server.requests == ["GET /image.qcow2"]


def test_zeros_become_holes(images: LocalImages, raw: Path, kept: Path) -> None:
    images.fetch(raw.as_uri(), "RAW", None, str(kept), "t1")
    assert (kept / "t1").read_bytes() == raw.read_bytes()
    assert (kept / "t1").stat().st_blocks * 512 < 2 * MIB


@pytest.mark.parametrize("algorithm", ["md5", "sha1", "sha512"])
def test_checksums(images: LocalImages, qcow2: Path, kept: Path, algorithm: str) -> None:
    good = f"{algorithm}:{hashlib.new(algorithm, qcow2.read_bytes()).hexdigest()}"
    bad = good[:-1] + ("0" if good[-1] != "0" else "1")
    assert refused(images, qcow2.as_uri(), kept, checksum=bad) == (
        f"the image {qcow2.as_uri()} has not the checksum that it must have: expected {bad}, got {good};"
        " correct it, or find out who changed the image"
    )
    with pytest.raises(DriverError, match="has not the checksum"):
        images.probe(qcow2.as_uri(), "QCOW2", bad)
    assert images.probe(qcow2.as_uri(), "QCOW2", good) == facts(qcow2, "qcow2")
    images.fetch(qcow2.as_uri(), "QCOW2", good, str(kept), "t1")


def test_probe_asks_a_server_without_fetching(images: LocalImages, server: Server, qcow2: Path) -> None:
    assert images.probe(server.url(qcow2.name), "QCOW2", None) is None
    assert images.probe(server.url(f"to-here/{qcow2.name}"), "QCOW2", None) is None
    assert server.requests == ["HEAD /image.qcow2", "HEAD /to-here/image.qcow2", "HEAD /image.qcow2"]
    assert images.probe(server.url(f"only-get/{qcow2.name}"), "QCOW2", None) is None
    assert server.requests[-1] == "GET /only-get/image.qcow2"
    with pytest.raises(DriverError, match="cannot be fetched: 404 Not Found; correct the URL"):
        images.probe(server.url("nothing"), "QCOW2", None)


def test_what_servers_do_wrong(images: LocalImages, server: Server, qcow2: Path, kept: Path) -> None:
    size = qcow2.stat().st_size
    url = server.url("{}/image.qcow2?token=hunter2")
    sentences = {way: refused(images, url.format(way), kept) for way in ("cut", "huge", "to-file", "to-ftp")}
    for way, sentence in sentences.items():
        assert "hunter2" not in sentence, way
    assert f"/cut/image.qcow2 ended after {size // 2} of {size} bytes; try again" in sentences["cut"]
    assert f"there is no space left in {kept}: " in sentences["huge"]
    assert sentences["huge"].endswith(" free, 1048576.0 TiB needed")
    assert "cannot be fetched: 302 Found - Redirection to url 'file:" in sentences["to-file"]
    assert "sends us on to a URL that is not http; use another" in sentences["to-ftp"]
    assert "cannot be fetched: 404 Not Found" in refused(images, server.url("nothing"), kept)
    server.close()
    assert "cannot be fetched: Connection refused; see that the server" in refused(images, url.format("x"), kept)


def test_a_redirect_from_https_to_http_needs_a_checksum() -> None:
    request = source.urllib.request.Request("https://host/image")
    for plain in (False, True):
        follow = source._Redirects(plain=plain).redirect_request
        if plain:
            assert follow(request, io.BytesIO(), 302, "", {}, "http://host/image")
        else:
            with pytest.raises(DriverError, match="sends us on to plain http; give a checksum"):
                follow(request, io.BytesIO(), 302, "", {}, "http://host/image")


def test_images_that_do_not_stand_alone(images: LocalImages, qcow2: Path, tmp_path: Path, kept: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(b"secret" * 1000)
    overlay, external, encrypted = (tmp_path / f"{name}.qcow2" for name in ("overlay", "external", "encrypted"))
    qemu_img("create", "-f", "qcow2", "-b", qcow2, "-F", "qcow2", overlay)
    qemu_img("create", "-f", "qcow2", "-o", f"data_file={secret},data_file_raw=on", external, "1M")
    key = ("--object", "secret,id=s,data=hush")
    # LUKS would measure how fast the machine is, and fails on a busy one.
    options = "encrypt.format=aes,encrypt.key-secret=s"
    qemu_img("create", *key, "-f", "qcow2", "-o", options, encrypted, "1M")
    alone = "convert it to stand alone with 'qemu-img convert -O qcow2'"
    for path, problem in (
        (overlay, f"has a backing file; {alone}"),
        (external, f"keeps its data in an external data file; {alone}"),
        (encrypted, "is encrypted; convert it to a plain image with 'qemu-img convert -O qcow2'"),
    ):
        assert refused(images, path.as_uri(), kept) == f"the image {path.as_uri()} {problem}"
        with pytest.raises(DriverError, match=problem.split(";", maxsplit=1)[0]):
            images.inspect(str(path), "qcow2")


def test_a_refused_image_is_never_given_to_qemu(
    images: LocalImages, qcow2: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    overlay = tmp_path / "overlay.qcow2"
    qemu_img("create", "-f", "qcow2", "-b", qcow2, "-F", "qcow2", overlay)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(DriverError, match="has a backing file"):
        images.inspect(str(overlay), "qcow2")
    with pytest.raises(DriverError, match="install qemu-utils and util-linux"):
        images.inspect(str(qcow2), "qcow2")


def test_the_format_must_be_the_one_that_is_named(images: LocalImages, qcow2: Path, raw: Path, kept: Path) -> None:
    assert "begins like a QCOW2 image and cannot be raw" in refused(images, qcow2.as_uri(), kept, "RAW")
    assert "is not a QCOW2 image; correct the URL, or give format RAW" in refused(images, raw.as_uri(), kept)


def test_a_damaged_image(images: LocalImages, qcow2: Path, kept: Path) -> None:
    whole = qcow2.read_bytes()
    qcow2.write_bytes(whole[: len(whole) // 2])
    assert "is damaged or cut off; fetch it anew" in refused(images, qcow2.as_uri(), kept)
    qcow2.write_bytes(whole[:20] + b"\xff\xff\xff\xff" + whole[24:])
    sentence = refused(images, qcow2.as_uri(), kept)
    assert sentence.startswith(f"the image {qcow2.as_uri()} cannot be read: ")
    assert "incoming" not in sentence


def test_files_that_are_none(images: LocalImages, tmp_path: Path, kept: Path) -> None:
    assert "does not exist; correct the URL" in refused(images, f"file://{tmp_path}/none", kept)
    assert "is not a file; correct the URL" in refused(images, f"file://{tmp_path}", kept)
    assert "is not a file; correct the URL" in refused(images, "file:///dev/zero", kept)
    with pytest.raises(ValueError, match="not the name of a file"):
        images.present(str(kept), "../etc/passwd")


def test_a_directory_that_takes_nothing(images: LocalImages, qcow2: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DriverError, match=r"nothing can be written to .*; correct its rights"):
        images.fetch(qcow2.as_uri(), "QCOW2", None, str(tmp_path / "file"), "t1")


def test_a_disk_that_gets_full(images: LocalImages, tmp_path: Path, raw: Path) -> None:
    """A small disk in a mount namespace of its own: full before the start, or on the way."""
    small = tmp_path / "small"
    small.mkdir()
    program = f"""
        import os, sys
        from support.collection import make_dev_tree, make_importable
        make_importable(make_dev_tree())
        from ansible_collections.cairn.cloud.plugins.module_utils._schema.errors import DriverError
        from ansible_collections.cairn.cloud.plugins.plugin_utils._drivers.bounds import Own
        from ansible_collections.cairn.cloud.plugins.plugin_utils._drivers.image import images, source
        def fetch():
            try:
                images.LocalImages(Own(())).fetch("{raw.as_uri()}", "RAW", None, "{small}", "t1")
            except DriverError as error:
                print(error, os.listdir("{small}"))
        fetch()
        honest = source.Stream
        source.Stream = lambda read, size, needs: honest(read, size, 0)
        fetch()
    """
    command = f'mount -t tmpfs -o size=512k small "{small}" && exec "$0" -c "$1"'
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", command, sys.executable, textwrap.dedent(program)],
        env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "PYTHONPATH": str(CHECKOUT / "tests")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    before, during = done.stdout.splitlines()
    assert before.startswith(f"there is no space left in {small}: 512.0 KiB free, ")
    assert before.endswith(" MiB needed []")
    assert during.startswith(f"there is no space left in {small}: ")
    assert during.endswith(" free; free some space []")
