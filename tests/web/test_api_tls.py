"""The service on an address that others reach: over TLS, under the name of its certificate."""

import ssl
from pathlib import Path

import httpx
import pytest
import trustme
from api_client import ApiClient, add_callers
from projects import ProjectCopy
from running_server import serve_project

from brief.model.diagnostics import MachineError
from brief.web import server

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("api-tls")]


def test_it_is_reached_by_the_name_of_its_certificate(project: ProjectCopy, tmp_path: Path) -> None:
    authority = trustme.CA()
    issued = authority.issue_cert("briefs.example.org", "127.0.0.1")
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    certificate.write_bytes(b"".join(blob.bytes() for blob in issued.cert_chain_pems))
    key.write_bytes(issued.private_key_pem.bytes())
    tokens = add_callers(tmp_path / "tokens.json", {"desk": {"clearance": "internal"}})
    options = ("--certificate", str(certificate), "--key", str(key), "--name", "briefs.example.org")
    api = ("--api", "--tokens", str(tmp_path / "tokens.json"), "--state", str(tmp_path / "state"))
    with serve_project(project.root, *options, *api) as site:
        assert site.address.startswith(f"https://briefs.example.org:{site.port}/")
        context = ssl.create_default_context()
        authority.configure_trust(context)
        with httpx.Client(verify=context, trust_env=False, base_url=f"https://127.0.0.1:{site.port}") as client:
            names = {"Host": f"briefs.example.org:{site.port}", "Authorization": f"Bearer {tokens['desk']}"}
            assert client.get("/api/briefs", headers=names).status_code == 200
            assert client.get("/api/briefs", headers={**names, "Host": "evil.example"}).status_code == 400
            assert client.get(site.path + "en/", headers=names).status_code == 200
            origin = {**names, "Origin": f"https://briefs.example.org:{site.port}"}
            assert client.get("/api/briefs", headers=origin).status_code == 200
        # Not even a redirect: what is sent in clear text has been read on the way already.
        with pytest.raises(httpx.HTTPError):
            httpx.get(f"http://127.0.0.1:{site.port}/api/briefs", trust_env=False)


def test_behind_a_proxy_it_is_asked_by_the_proxys_name(project: ProjectCopy, tmp_path: Path) -> None:
    tokens = add_callers(tmp_path / "tokens.json", {"desk": {}})
    options = ("--behind-proxy", "--name", "briefs.example.org", "--api", "--tokens", str(tmp_path / "tokens.json"))
    with serve_project(project.root, *options, "--state", str(tmp_path / "state")) as site:
        client = ApiClient(site, tokens["desk"])
        assert client.get("/api/briefs", Host="briefs.example.org").status_code == 200
        assert (
            client.get("/api/briefs", Host="briefs.example.org", Origin="https://briefs.example.org").status_code == 200
        )
        assert client.get("/api/briefs", Host="other.example.org").status_code == 400
        # What comes from this machine comes from the proxy: it needs a token like everything else.
        assert ApiClient(site).get("/api/briefs").status_code == 401


def test_a_certificate_that_cannot_be_used_is_reported_before_anything_is_served(tmp_path: Path) -> None:
    (tmp_path / "x.pem").write_text("no certificate")
    certificate = server.Certificate(tmp_path / "x.pem", tmp_path / "x.pem")
    with pytest.raises(MachineError, match=r"the certificate '.*x\.pem' with its key cannot be used"):
        server.run(lambda *_: None, certificate=certificate, on_ready=lambda _: None)  # type: ignore[arg-type]
