"""Where clients reach the server: the setting, the variable and the option, and what is no such address."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from small_project import KG_TOML, kg

from kg.config.addresses import is_public_url
from kg.errors import ConfigError
from server.settings import Settings

FILE = "<https://e.org/a> <https://e.org/b> <https://e.org/c> ."


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project whose kg.toml says where it is reached, and a file to serve."""
    text = f'{KG_TOML}\n[server]\npublic_url = "https://toml.example"\n'
    (tmp_path / "kg.toml").write_text(text, encoding="utf-8")
    (tmp_path / "a.ttl").write_text(FILE, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("given", "variable", "expected"),
    [
        ((), None, "https://toml.example"),
        ((), "http://variable.example:8080/", "http://variable.example:8080/"),
        (("--public-url", "https://option.example"), "http://variable.example", "https://option.example"),
    ],
)
def test_the_option_goes_before_the_variable_and_the_file(
    project: Path, given: tuple[str, ...], variable: str | None, expected: str
) -> None:
    environ = {"KG_SERVER_PUBLIC_URL": variable} if variable else {}
    done = kg("serve", "--check", "--port", "0", "--json", *given, "a.ttl", cwd=project, **environ)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["data"]["public_url"] == expected


WRONG = (
    "data.example.org", "ftp://data.example.org", "https://", "https://a b", "https://u:p@data.example.org",
    "https://data.example.org/kg/", "https://data.example.org?x", "https://data.example.org#x", "https://data.example.org:0",
    "https://data.example.org:99999", "https://-a.example", "https://a..example", "javascript:alert(1)", "https://a\nb",
    '"><script>', "https://[::1", "https://data.example.org\n",
)  # fmt: skip


@pytest.mark.parametrize("text", WRONG)
def test_what_is_no_address_of_a_host(text: str) -> None:
    assert not is_public_url(text)
    with pytest.raises(ConfigError, match="public_url"):
        Settings.from_json(json.dumps({"releases": "x", "public_url": text}))


def test_a_wrong_one_is_told_where_it_stands(project: Path) -> None:
    file = project / "kg.toml"
    file.write_text(
        file.read_text(encoding="utf-8").replace("https://toml.example", "toml.example/kg"), encoding="utf-8"
    )
    failed = kg("serve", "--check", "--port", "0", "a.ttl", cwd=project)
    line = file.read_text(encoding="utf-8").splitlines().index('public_url = "toml.example/kg"') + 1
    assert failed.returncode == 2
    assert f"kg.toml:{line}: [server] public_url must be the http(s) address of a host" in failed.stderr
    assert "https://data.example.org" in failed.stderr
    option = kg("serve", "--check", "--public-url", "toml.example", "a.ttl", cwd=project.parent)
    assert option.returncode == 2
    assert "--public-url must be the http(s) address of a host, not 'toml.example'" in option.stderr


def test_a_server_for_others_that_does_not_know_its_address_says_so(project: Path) -> None:
    (project / "kg.toml").write_text(KG_TOML, encoding="utf-8")
    said = {}
    for host in ("0.0.0.0", "127.0.0.1"):
        done = kg("serve", "--check", "--host", host, "--port", "0", "a.ttl", cwd=project)
        assert done.returncode == 0, done.stderr
        said[host] = "set public_url" in done.stderr
    assert said == {"0.0.0.0": True, "127.0.0.1": False}
