"""The first graph's own names, asked of a running server as people write them in three languages."""

from __future__ import annotations

import json
import random
import re
import unicodedata
from collections import defaultdict
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pyoxigraph as ox
import pytest
import reconciliation_rules as rules
from patience import PATIENCE
from serving import running

from kg import store
from kg.folding import key
from server.reconciliation.protocol import BATCH

BASE = "https://w3id.org/zellige/"
LABELS = f"""SELECT ?s ?label WHERE {{ GRAPH <{BASE}graph/entities> {{
  ?s <http://www.w3.org/2000/01/rdf-schema#label> ?label }} }} ORDER BY ?s ?label"""


@pytest.fixture(scope="module")
def url(built, root, tmp_path_factory):
    """The address of a server over the first graph."""
    with running(built.path.parent, root, tmp_path_factory.mktemp("reconcile")) as (address, _):
        yield address


@pytest.fixture(scope="module")
def labels(built):
    """The labels of the things in the register: identifier, text, language."""
    found = store.read(built.store_path).query(LABELS)
    assert isinstance(found, ox.QuerySolutions)
    return [(row["s"].value.removeprefix(BASE), row["label"].value, row["label"].language) for row in found]


def ask(url, texts, **more):
    """The candidates of each text, asked in batches as OpenRefine sends them."""
    found = []
    for at in range(0, len(texts), BATCH):
        batch = {f"q{n}": {"query": text, "limit": 3, **more} for n, text in enumerate(texts[at : at + BATCH])}
        form = urlencode({"queries": json.dumps(batch)}).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded", "User-Agent": "OpenRefine 3.9"}
        with urlopen(Request(f"{url}/reconcile", form, headers), timeout=PATIENCE) as response:
            answer = json.load(response)
        rules.results(answer)
        found += [answer[name]["result"] for name in batch]
    return found


def missed(url, spelled):
    """What is not found as the first candidate; `spelled` gives identifiers and texts."""
    answers = ask(url, [text for _, text in spelled])
    return [
        (identifier, text, [(one["id"], one["score"]) for one in found])
        for (identifier, text), found in zip(spelled, answers, strict=True)
        if not found or found[0]["id"] != identifier
    ]


def test_every_thing_is_found_first_by_each_of_its_labels(url, labels):
    assert len(labels) > 500
    assert missed(url, [(identifier, text) for identifier, text, _ in labels]) == []


def test_a_label_of_one_thing_alone_is_a_match(url, labels):
    owners = defaultdict(set)
    for identifier, text, _ in labels:
        owners[key(text)].add(identifier)
    texts = [text for _, text, _ in labels if len(owners[key(text)]) == 1]
    doubtful = [text for text, found in zip(texts, ask(url, texts), strict=True) if not found[0]["match"]]
    # Names that a concept or a document has as well.
    assert len(doubtful) < len(texts) / 20


def without_articles(text):
    return " ".join(re.sub(r"^([وبفك]?)ال(?=\w{3})", r"\1", word) for word in text.split())


def careless_arabic(text):
    swapped = text.translate(str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ة": "ه", "ى": "ي", "ؤ": "و", "ئ": "ي"}))
    return swapped.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))


def careful_arabic(text):
    return re.sub(r"([بتحدرسعلم])(?=[ابتحدرسعلمني])", "\\1\u064e\u0640", text)


def plain_latin(text):
    bare = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return re.sub(r"[^\w&]+", " ", bare).upper()


@pytest.mark.parametrize("respell", [careless_arabic, careful_arabic])
def test_arabic_as_it_is_typed(url, labels, respell):
    spelled = [(identifier, respell(text)) for identifier, text, language in labels if language == "ar"]
    assert len(spelled) > 170
    assert missed(url, spelled) == []


def test_arabic_without_articles(url, labels):
    spelled = [
        (identifier, without_articles(text))
        for identifier, text, language in labels
        if language == "ar" and without_articles(text) != text
    ]
    assert len(spelled) > 100
    lost = missed(url, spelled)
    # Without its article a name may be, letter for letter, that of another thing, which then comes first.
    assert len(lost) <= 2
    assert all(dict(found)[identifier] == 98 and found[0][1] == 100 for identifier, _, found in lost)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_latin_capitals_without_accents_and_signs(url, labels, language):
    spelled = [(identifier, plain_latin(text)) for identifier, text, tag in labels if tag == language]
    assert missed(url, spelled) == []


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_one_slip_of_the_pen(url, labels, language):
    pick = random.Random(language)
    spelled = []
    for identifier, text, tag in labels:
        places = [at for at in range(1, len(text) - 1) if text[at - 1 : at + 2].isalpha()]
        if tag == language and len(text) >= 8 and places:
            at = pick.choice(places)
            slips = (
                text[:at] + text[at + 1 :],
                text[:at] + text[at] + text[at:],
                text[: at - 1] + text[at] + text[at - 1] + text[at + 1 :],
            )
            spelled.append((identifier, pick.choice(slips)))
    lost = missed(url, spelled)
    assert len(spelled) > 150
    # A slip in the one word that tells two names apart can favour the other; both are shown then.
    assert len(lost) <= len(spelled) / 50
    assert all(identifier in [one for one, _ in found[:2]] for identifier, _, found in lost)


@pytest.mark.parametrize(
    ("written", "identifier"),
    [
        ("UM6P", "id/um6p"),
        ("U.M.6.P.", "id/um6p"),
        ("MTNRA", "id/ministry-dtar"),
        ("Université Mohamed VI Polytechnique", "id/um6p"),
        ("وزاره الانتقال الرقمي", "id/ministry-dtar"),
        ("Seghrouchni Amal El Fallah", "id/amal-el-fallah-seghrouchni"),
        ("امل الفلاح السغروشنى", "id/amal-el-fallah-seghrouchni"),
        ("MAROC IA 2030", "id/maroc-ia-2030"),
        ("Maroc Digital 2030", "id/maroc-digital-2030"),
        ("المغرب الرقمي ٢٠٣٠", "id/maroc-digital-2030"),
        ("mistral.ai", "id/mistral-ai"),
        ("MistralAI", "id/mistral-ai"),
    ],
)
def test_names_as_tables_have_them(url, written, identifier):
    assert ask(url, [written])[0][0]["id"] == identifier


def test_what_is_not_in_the_graph_is_not_found(url):
    assert ask(url, ["Zanzibar", "Ministry of Silly Walks of Atlantis", "قطار البخار القديم"])[0] == []


def test_a_type_tells_namesakes_apart(url):
    found = ask(url, ["Cybersecurity"], type="zel:PrioritySector")[0]
    assert [one["id"] for one in found][:1] == ["scheme/sector/cybersecurity"]
    assert found[0]["match"]
    assert not ask(url, ["cybersecurity"])[0][0]["match"]


def test_all_that_openrefine_asks_of_a_service(url):
    def get(path, **parameters):
        with urlopen(f"{url}{path}?{urlencode(parameters)}", timeout=PATIENCE) as response:
            assert response.headers["Access-Control-Allow-Origin"] == "*"
            return json.load(response)

    manifest = get("/reconcile")
    rules.manifest(manifest)
    rules.draft_manifest(get("/reconcile/draft"))
    for kind, prefix in (("entity", "Moham"), ("type", "mini"), ("property", "sign")):
        answer = get(f"/reconcile/suggest/{kind}", prefix=prefix)
        rules.suggestions(answer, entities=kind == "entity")
        assert answer["result"]
    proposed = get("/reconcile/extend/propose", type="zel:MemorandumOfUnderstanding")
    rules.proposal(proposed)
    asked = {"ids": ["id/mou-mistral-2025"], "properties": [{"id": one["id"]} for one in proposed["properties"]]}
    extended = get("/reconcile", extend=json.dumps(asked))
    rules.extension(extended)
    assert extended["rows"]["id/mou-mistral-2025"]["zel:party"]


OPENREFINE = (
    # "Guess the types of a column": a few cells, three candidates each.
    (
        "queries",
        {"q0": {"query": "Mistral AI", "limit": 3}, "q1": {"query": "وزارة الانتقال الرقمي", "limit": 3}},
    ),
    # A type was chosen, and another column tells a property: a cell that is text, one that is matched already.
    (
        "queries",
        {
            "q0": {
                "query": "Mistral AI",
                "type": "zel:Company",
                "type_strict": "should",
                "limit": 5,
                "properties": [{"pid": "zel:basedIn", "v": "France"}],
            },
            "q1": {
                "query": "Mistral",
                "type": "zel:Company",
                "type_strict": "should",
                "properties": [{"pid": "zel:basedIn", "v": {"id": "id/france", "name": "France"}}],
            },
        },
    ),
    # "Add columns from reconciled values", with and without settings.
    (
        "extend",
        {
            "ids": ["id/mistral-ai", "id/um6p"],
            "properties": [{"id": "zel:basedIn"}, {"id": "rdfs:label", "settings": {"limit": "1", "language": "fr"}}],
        },
    ),
)


@pytest.mark.parametrize(("name", "value"), OPENREFINE)
@pytest.mark.parametrize(
    "kind", ["application/x-www-form-urlencoded", "application/x-www-form-urlencoded; charset=UTF-8"]
)
def test_the_forms_that_openrefine_posts(url, name, value, kind):
    body = urlencode({name: json.dumps(value, ensure_ascii=False)}).encode()
    headers = {"Content-Type": kind, "User-Agent": "OpenRefine/3.9", "Accept": "application/json"}
    with urlopen(Request(f"{url}/reconcile", body, headers), timeout=PATIENCE) as response:
        answer = json.load(response)
        assert response.headers["Content-Type"].startswith("application/json")
    if name == "extend":
        rules.extension(answer)
        assert [each["id"] for each in answer["rows"]["id/mistral-ai"]["zel:basedIn"]] == ["id/france"]
        assert len(answer["rows"]["id/um6p"]["rdfs:label"]) == 1
    else:
        rules.results(answer)
        assert answer["q0"]["result"][0]["id"] == "id/mistral-ai"
        assert answer["q0"]["result"][0]["match"]
        assert answer["q1"]["result"]


def test_the_requests_of_openrefines_page(url):
    """The page asks from the browser: with an Origin, or as a script with a callback and a time stamp."""
    origin = {"Origin": "http://127.0.0.1:3333", "Referer": "http://127.0.0.1:3333/project?project=1"}
    for path, checked in (
        ("/reconcile", rules.manifest),
        ("/reconcile/suggest/entity?prefix=moham&type=zel%3AUniversity", rules.suggestions),
        ("/reconcile/suggest/type?prefix=comp", rules.suggestions),
        ("/reconcile/suggest/property?prefix=based", rules.suggestions),
        ("/reconcile/extend/propose?type=zel%3ACompany&limit=20", rules.proposal),
    ):
        with urlopen(Request(url + path, headers=origin), timeout=PATIENCE) as response:
            assert response.headers["Access-Control-Allow-Origin"] in {"*", origin["Origin"]}
            checked(json.load(response))
        mark = "&" if "?" in path else "?"
        with urlopen(f"{url}{path}{mark}callback=jQuery3_17&_=1763000000000", timeout=PATIENCE) as response:
            text = response.read().decode()
            assert response.headers["Content-Type"].startswith("text/javascript")
            checked(json.loads(text[text.index("(") + 1 : text.rindex(")")]))
    with urlopen(f"{url}/reconcile/preview?id=id%2Fum6p", timeout=PATIENCE) as response:
        assert response.headers["Content-Type"].startswith("text/html")
        assert "X-Frame-Options" not in response.headers
