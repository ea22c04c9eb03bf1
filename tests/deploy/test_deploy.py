"""The deployment files parse, serve loopback only, run as a user of their own, and name things that exist."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
SERVICES = ("lookout.service", "lookout-load.service", "lookout-watch.service", "lookout-retain.service")
UNITS = (*SERVICES, "lookout-load.timer", "lookout-retain.timer")


def unit(name: str) -> dict[str, dict[str, list[str]]]:
    """section -> key -> values; a key may be given more than once."""
    found: dict[str, dict[str, list[str]]] = {}
    section: dict[str, list[str]] = {}
    for number, line in enumerate((DEPLOY / name).read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith("["):
            section = found.setdefault(line.strip("[]"), {})
            continue
        key, is_pair, value = line.partition("=")
        assert is_pair and key.strip(), f"{name}:{number}: not key=value"
        section.setdefault(key.strip(), []).append(value.strip())
    return found


@pytest.fixture(scope="module")
def compose() -> Any:
    yaml = pytest.importorskip("yaml", reason="PyYAML is not installed")
    return yaml.safe_load((DEPLOY / "compose.yml").read_text(encoding="utf-8"))


def instructions() -> list[tuple[str, str]]:
    text = re.sub(r"\\\n\s*", " ", (DEPLOY / "Dockerfile").read_text(encoding="utf-8"))
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(line.split()[0], line.split(maxsplit=1)[1]) for line in lines]


def test_compose_publishes_on_loopback_only(compose: Any) -> None:
    ports = [port for service in compose["services"].values() for port in service.get("ports", [])]
    assert ports == ["127.0.0.1:8501:8501"]
    assert all(service.get("network_mode") != "host" for service in compose["services"].values())


@pytest.mark.parametrize("service", ["app", "etl"])
def test_compose_services_are_closed_in(compose: Any, service: str) -> None:
    found = compose["services"][service]
    assert found["read_only"] is True
    assert found["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in found["security_opt"]
    assert found["mem_limit"] and found["tmpfs"]
    assert found["environment"]["LOOKOUT_HOME"] == "/data"
    assert [v.split(":")[1] for v in found["volumes"]] == ["/data", "/ops"]


def test_compose_loads_only_when_asked(compose: Any) -> None:
    etl = compose["services"]["etl"]
    assert etl["profiles"] == ["etl"] and etl["restart"] == "no"
    assert "etl load" in etl["command"][-1] and "warehouse build" in etl["command"][-1]
    assert "ports" not in etl
    assert compose["services"]["app"]["volumes"] == ["data:/data:ro", "ops:/ops"], "the pages only read the data"


def test_the_script_of_compose_is_shell(compose: Any) -> None:
    script = compose["services"]["etl"]["command"][-1].replace("$$", "$")
    assert subprocess.run(["sh", "-n", "-c", script], capture_output=True, text=True).stderr == ""


def test_the_image_holds_what_runs_and_no_more() -> None:
    copied = [arguments.split()[:-1] for name, arguments in instructions() if name == "COPY"]
    sources = [source for group in copied for source in group]
    assert all((ROOT / source).exists() for source in sources)
    assert {"app.py", "pages/", "warehouse/", "etl/", "alerts/", "locales/", "static/", ".streamlit/"} <= set(sources)
    assert not {".", "tests/", "bench/", "var/"} & set(sources)
    kept = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    assert "*" in kept, "everything is ignored but what is named"
    for source in sources:
        assert any(line.lstrip("!").startswith(source.rstrip("/")) for line in kept if line.startswith("!")), source


def test_the_image_runs_as_a_user_and_checks_its_health() -> None:
    found = dict(instructions())
    assert found["FROM"] == "python:3.11-slim"
    assert found["USER"] not in ("root", "0")
    order = [name for name, _ in instructions()]
    assert order.index("USER") < order.index("CMD")
    assert "/_stcore/health" in found["HEALTHCHECK"]
    assert "LOOKOUT_HOME=/data" in found["ENV"]
    assert "--server.address=0.0.0.0" in found["CMD"], "inside the container; compose publishes on loopback"


@pytest.mark.parametrize("name", UNITS)
def test_units_parse(name: str) -> None:
    sections = unit(name)
    assert "Unit" in sections and sections["Unit"]["Description"]
    configparser.RawConfigParser(strict=False).read(DEPLOY / name)


@pytest.mark.parametrize("name", SERVICES)
def test_services_are_closed_in(name: str) -> None:
    service = unit(name)["Service"]
    assert service["User"] == ["lookout"] and service["Group"] == ["lookout"]
    for key in ("NoNewPrivileges", "PrivateTmp", "PrivateDevices", "ProtectHome", "RestrictSUIDSGID"):
        assert service[key] == ["yes"], key
    assert service["ProtectSystem"] == ["strict"]
    assert service["CapabilityBoundingSet"] == [""]
    assert "LOOKOUT_HOME=/var/lib/lookout" in service["Environment"]


def test_the_pages_bind_loopback_and_write_nothing() -> None:
    service = unit("lookout.service")["Service"]
    (start,) = service["ExecStart"]
    assert "--server.address=127.0.0.1" in start
    assert "0.0.0.0" not in start
    assert service["IPAddressDeny"] == ["any"] and service["IPAddressAllow"] == ["localhost"]
    assert "ReadWritePaths" not in service


def test_the_load_writes_the_home_only_and_stays_off_the_network() -> None:
    service = unit("lookout-load.service")["Service"]
    assert service["Type"] == ["oneshot"]
    assert service["ReadWritePaths"] == ["/var/lib/lookout /var/lib/lookout-ops"]
    assert service["PrivateNetwork"] == ["yes"]
    commands = " ".join(service["ExecStart"])
    assert commands.index("-m etl load") < commands.index("-m warehouse build")
    assert unit("lookout-load.timer")["Timer"]["OnCalendar"] == ["*-*-* *:10:00"]


def test_what_is_beyond_its_time_goes_every_month() -> None:
    service = unit("lookout-retain.service")["Service"]
    assert service["ExecStart"] == ["/opt/lookout/.venv/bin/python -m warehouse retain --do"]
    assert service["Type"] == ["oneshot"] and service["Restart"] == ["on-failure"] and service["RestartSec"]
    assert service["ReadWritePaths"] == ["/var/lib/lookout /var/lib/lookout-ops"]
    assert service["PrivateNetwork"] == ["yes"]
    timer = unit("lookout-retain.timer")["Timer"]
    assert timer["OnCalendar"] == ["*-*-01 03:30:00"] and timer["Persistent"] == ["true"]


def test_systemd_reads_the_units() -> None:
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd-analyze is not here")
    paths = [str(DEPLOY / name) for name in UNITS]
    done = subprocess.run(["systemd-analyze", "verify", *paths], capture_output=True, text=True, timeout=60)
    said = [line for line in done.stderr.splitlines() if "lookout" in line and "is not executable" not in line]
    assert said == []


def test_the_streamlit_of_the_checkout_is_bound_to_loopback_too() -> None:
    text = (ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8")
    assert re.search(r'^address = "127\.0\.0\.1"', text, re.M)


def test_no_run_of_a_view_ends_with_a_search_of_all_memory() -> None:
    """It took over half of a view's time, and everybody else waits for it (bench/RESULTS.md)."""
    options = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert options["runner"]["postScriptGC"] is False


def test_the_watch_writes_the_home_only_and_starts_again() -> None:
    service = unit("lookout-watch.service")["Service"]
    assert service["ExecStart"] == ["/opt/lookout/.venv/bin/python -m etl watch"]
    assert service["Type"] == ["exec"] and service["Restart"] == ["on-failure"]
    assert service["ReadWritePaths"] == ["/var/lib/lookout /var/lib/lookout-ops"] and service["PrivateNetwork"] == [
        "yes"
    ]


def test_the_proxy_speaks_tls_and_passes_uploads_on_for_the_trail() -> None:
    lines = [line.partition("#")[0].strip() for line in (DEPLOY / "nginx.conf").read_text("utf-8").splitlines()]
    told = [line.rstrip(";") for line in lines if line.endswith(";")]
    assert "listen 443 ssl http2" in told and "return 301 https://$host$request_uri" in told
    [protocols] = [line.split()[1:] for line in told if line.startswith("ssl_protocols ")]
    assert set(protocols) <= {"TLSv1.2", "TLSv1.3"}
    assert "proxy_pass http://127.0.0.1:8501" in told and "proxy_set_header X-Forwarded-Proto https" in told
    # What the program refuses without sign-in, and what keeps refusals in its own hands.
    assert "proxy_set_header X-Forwarded-For $remote_addr" in told and "proxy_set_header Host $host" in told
    assert "client_max_body_size 0" in told and "proxy_request_buffering off" in told
    assert {"proxy_set_header Upgrade $http_upgrade", 'proxy_set_header Connection "upgrade"'} <= set(told)


def test_what_is_reached_from_outside_has_a_sign_in(compose: Any) -> None:
    assert compose["services"]["app"]["environment"]["LOOKOUT_SIGN_IN"] == "local"
    assert "LOOKOUT_SIGN_IN=local" in unit("lookout.service")["Service"]["Environment"]
