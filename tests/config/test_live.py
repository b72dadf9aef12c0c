"""What `make live` starts beside the site, and what it says where something is missing."""

import pytest
from django.core.management import call_command

from config import live
from livestream.engines import engine_named
from livestream.engines.config_files import files_of


@pytest.fixture
def installed(monkeypatch):
    """Have these programs and no others."""

    def only(*names: str) -> None:
        monkeypatch.setattr(live, "_found", lambda program: f"/usr/bin/{program}" if program in names else "")
        monkeypatch.setattr(live.Path, "exists", lambda self: "nginx" in names)

    return only


def test_all_is_there(installed):
    installed("nginx", "janus", "janus-pp-rec")

    names = live.engines_here()

    assert names == ["nginx-rtmp", "janus"]
    assert live.missing_line(names) == ""
    assert live.settings_of(names, 8000)["LIVE_ENGINES"] == "chunks,nginx-rtmp,janus"
    assert "/usr/bin/nginx -e stderr" in live.processes(names)["nginx-rtmp"]


def test_what_is_missing_is_said_in_one_line(installed):
    installed("nginx", "janus")

    names = live.engines_here()

    assert names == ["nginx-rtmp"]
    assert live.missing_line(names) == "Without janus; to have it: apt-get install janus janus-tools"


def test_without_any_the_site_still_runs(installed):
    installed()

    assert live.missing_line(live.engines_here()) == (
        "Without nginx-rtmp and janus; to have it: apt-get install nginx libnginx-mod-rtmp janus janus-tools"
    )
    assert live.processes([]) == {}


def test_configuration_is_for_our_eyes_and_this_machine_alone(tmp_path):
    call_command("render_media_config", folder=tmp_path, verbosity=0)

    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert sorted(path.name for path in written) == [
        "janus.eventhandler.sampleevh.jcfg",
        "janus.jcfg",
        "janus.plugin.videoroom.jcfg",
        "janus.transport.http.jcfg",
        "nginx.conf",
    ]
    assert {oct(path.stat().st_mode & 0o777) for path in written} == {"0o600"}
    listening = [
        line.split()[1]
        for line in (tmp_path / "nginx-rtmp" / "nginx.conf").read_text().splitlines()
        if line.strip().startswith("listen")
    ]
    assert len(listening) == 3
    assert all(address.startswith("127.0.0.1:") for address in listening)
    assert 'ip = "127.0.0.1"' in (tmp_path / "janus" / "janus.transport.http.jcfg").read_text()


def test_the_embedded_engine_has_no_configuration(tmp_path):
    assert files_of(engine_named("chunks"), tmp_path) == {}


def test_a_certificate_turns_tls_on(tmp_path, monkeypatch):
    engine = engine_named("nginx-rtmp")
    monkeypatch.setattr(engine, "certificate", "/etc/tls/site.pem")

    assert "ssl_certificate /etc/tls/site.pem;" in files_of(engine, tmp_path)["nginx.conf"]
