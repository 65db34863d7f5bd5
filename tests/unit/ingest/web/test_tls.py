"""A connection to a checked address is still one to the host by its name: its certificate counts."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.ingest.web.responses import UnfetchedError
from tests.site import Answer, Net, Site, net_of, serving

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl here to make a certificate with")


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a certificate for wire.example, and trust it."""
    made = tmp_path / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=wire.example", "-addext", "subjectAltName=DNS:wire.example", "-keyout", made, "-out",
         tmp_path / "public.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    made.write_text(made.read_text() + (tmp_path / "public.pem").read_text())
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "public.pem"))
    return made


@pytest.fixture
def site(certificate: Path) -> Iterator[Site]:
    with serving(certificate) as made:
        made.routes["/a"] = Answer(b"<p>Weir")
        yield made


@pytest.fixture
def net(site: Site) -> Net:
    return net_of(site, attempts=1)


def test_a_page_comes_over_tls_from_the_address_that_was_checked(net: Net) -> None:
    assert net.client.fetch("https://wire.example/a").body == b"<p>Weir"
    assert len(set(net.dial.dialled)) == 1


def test_a_certificate_of_another_host_is_refused(net: Net) -> None:
    with pytest.raises(UnfetchedError) as caught:
        net.client.fetch("https://other.example/a")
    assert "CERTIFICATE_VERIFY_FAILED" in caught.value.detail


def test_a_certificate_that_nobody_vouches_for_is_refused(net: Net, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(UnfetchedError) as caught:
        net.client.fetch("https://wire.example/a")
    assert "CERTIFICATE_VERIFY_FAILED" in caught.value.detail
