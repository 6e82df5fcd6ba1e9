"""How many quotes of the release were verified: what the home page says, whatever becomes of the report."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from tiny import point, write_release

from server.app import create_app
from server.settings import Settings

ROWS = re.compile(r'<tr><th scope="row">([^<]*)</th><td>([^<]*)</td></tr>')
VERIFIED, UNCHECKED = "Quotes verified against their texts", "Quotes not verified: no text at hand"
FAILED = "Quotes that do not hold, of claims that are not reviewed"


def write(folder: Path, release: str = "r1", **figures: int) -> None:
    told = {"release": release, "quotes": 9, "verified": 7, "failed": 0, "unchecked": 2, **figures, "documents": {}}
    (folder / f"{release}.quotes.json").write_text(json.dumps(told), encoding="utf-8")


def told(client: FlaskClient, language: str = "en") -> dict[str, str]:
    page = client.get(f"/?lang={language}", headers={"Accept": "text/html"})
    assert page.status_code == 200
    return dict(ROWS.findall(page.text))


@pytest.fixture
def releases(tmp_path: Path) -> Path:
    folder = write_release(tmp_path)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    manifest["counts"] = {"claims": 3, "claims_quoted": 3}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return tmp_path


@pytest.fixture
def client(releases: Path) -> FlaskClient:
    return create_app(Settings(releases)).test_client()


def test_the_home_page_says_how_many_were_verified_and_how_many_not(releases: Path, client: FlaskClient) -> None:
    write(releases)
    assert {VERIFIED: "7", UNCHECKED: "2"}.items() <= told(client).items()
    assert FAILED not in told(client)
    assert {"Citations vérifiées sur le texte": "7", "Citations non vérifiées, faute de texte": "2"}.items() <= told(
        client, "fr"
    ).items()
    assert {"اقتباسات طابقت نصوصها": "7"}.items() <= told(client, "ar").items()
    write(releases, verified=6, failed=1)
    assert {VERIFIED: "6", FAILED: "1"}.items() <= told(client).items()


def test_a_later_report_on_the_same_release_is_told_at_once(releases: Path, client: FlaskClient) -> None:
    assert told(client)[VERIFIED] == "not known"
    write(releases, verified=0, unchecked=9)
    assert told(client)[UNCHECKED] == "9"
    write(releases, verified=9, unchecked=0)
    assert told(client)[UNCHECKED] == "0"
    (releases / "r1.quotes.json").unlink()
    assert told(client)[VERIFIED] == "not known"


@pytest.mark.parametrize(
    "body",
    ["", "{", "[]", "null", "[" * 100_000, '{"release": "r1"}', '{"release": "r2", "verified": 1, "failed": 0, "unchecked": 0}',
     '{"release": "r1", "verified": -1, "failed": 0, "unchecked": 0}', '{"release": "r1", "verified": "1", "failed": 0, "unchecked": 0}',
     "\ud800"],
)  # fmt: skip
def test_a_damaged_report_is_logged_once_and_the_page_is_served(
    body: str, releases: Path, client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    (releases / "r1.quotes.json").write_bytes(body.encode("utf-8", "surrogatepass"))
    assert [told(client)[VERIFIED] for _ in range(3)] == ["not known"] * 3
    assert caplog.text.count("r1.quotes.json is passed over") == 1


def test_a_folder_in_its_place_is_passed_over(releases: Path, client: FlaskClient) -> None:
    (releases / "r1.quotes.json").mkdir()
    assert told(client)[VERIFIED] == "not known"


def test_the_next_release_has_its_own_report(releases: Path, client: FlaskClient) -> None:
    write(releases)
    assert told(client)[VERIFIED] == "7"
    write_release(releases, "r2", current=False)
    write(releases, "r2", verified=1, unchecked=8)
    point(releases, "r2")
    assert told(client)[VERIFIED] == "1"


def test_a_release_without_quotes_has_no_such_row(tmp_path: Path) -> None:
    write_release(tmp_path)
    assert VERIFIED not in told(create_app(Settings(tmp_path)).test_client())
