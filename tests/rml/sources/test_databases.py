"""PostgreSQL and MariaDB, each by a server of the tests' own: types, order, what is allowed and what is refused."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner
from rml.mappings import allowing, database_source, objects, one_map
from rml.servers import connection_to, free_port, mariadb, postgresql

from kg.cli.main import kg
from kg.errors import KgError, MappingError, OperationError
from kg.rml import map_to

USER = '; d2rq:username "tester" ; d2rq:password "${KG_TEST_PASSWORD}"'
ROWS = 5_000


@dataclass(frozen=True)
class Server:
    dsn: str

    def mapping(self, folder: Path, formulation: str, text: str, references: list[str], more: str = USER) -> Path:
        source = database_source(self.dsn, f"rml:SQL2008{formulation}", text, more)
        return one_map(folder, source, "http://e/{i}", references)

    def objects(self, folder: Path, formulation: str, text: str, references: list[str]) -> list[str]:
        return objects(self.mapping(folder, formulation, text, references), access=allowing(self.dsn))


@pytest.fixture(autouse=True)
def _password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KG_TEST_PASSWORD", "secret")


@pytest.fixture(scope="module")
def postgres() -> Iterator[Server]:
    import psycopg

    with postgresql() as port:
        with connection_to(psycopg, port) as connection:
            connection.execute(
                """
                CREATE TABLE types (i int, a bigint, b numeric(8, 2), c float8, d float4, e boolean, f date, g timestamp,
                    h timestamptz, j time, k text, l bytea, m int, n uuid, o jsonb, p varchar(5), q char(3), r timetz);
                INSERT INTO types VALUES (1, 7, 10.50, 0.5, 0.1, true, '2030-01-31', '2030-01-31 12:00:00.5',
                    '2030-01-31 12:00:00+02', '08:05', 'سد', '\\xcafe', NULL, '8a1b0000-0000-4000-8000-000000000000',
                    '{"x": 1}', 'abc', 'ab', '08:05:00+05:30');
                CREATE TABLE odd (i int, a date, b numeric, c interval, d int[], e float8);
                INSERT INTO odd VALUES (1, 'infinity', 'NaN', '1 month', '{1,2}', 'NaN');
                CREATE TABLE "My table" ("Id" int, "a b" text);
                INSERT INTO "My table" VALUES (1, 'x');
                CREATE TABLE "Lettered" (i int, k text);
                INSERT INTO "Lettered" VALUES (1, 'x');
                CREATE TABLE "Twice" (i int, k text);
                CREATE TABLE "TWICE" (i int, k text);
                """
                f"CREATE TABLE many AS SELECT i, i % 7 AS k FROM generate_series(1, {ROWS}) i"
            )
        yield Server(f"jdbc:postgresql://127.0.0.1:{port}/postgres")


@pytest.fixture(scope="module")
def maria() -> Iterator[Server]:
    with mariadb() as port:
        import pymysql

        login = {"host": "127.0.0.1", "port": port, "user": "tester", "password": "secret", "database": "facts"}
        with pymysql.connect(**login, autocommit=True) as connection, connection.cursor() as cursor:
            cursor.execute("SET time_zone = '+02:00', sql_mode = ''")
            for statement in (
                """CREATE TABLE types (i int, a bigint, b decimal(8, 2), c double, d float, e boolean, f date,
                    g datetime(1), h timestamp, j time, k text CHARACTER SET utf8mb4, l varbinary(9), m int, n year,
                    o json, p tinyint)""",
                """INSERT INTO types VALUES (1, 7, 10.50, 0.5, 0.1, true, '2030-01-31', '2030-01-31 12:00:00.5',
                    '2030-01-31 12:00:00', '08:05', 'سد', x'CAFE', NULL, 2030, '{"x": 1}', 5)""",
                "CREATE TABLE odd (i int, a date, b boolean, c time)",
                "INSERT INTO odd VALUES (1, '0000-00-00', 5, '30:00:00')",
                "CREATE TABLE Lettered (i int, k text)",
                "INSERT INTO Lettered VALUES (1, 'x')",
                "CREATE TABLE Twice (i int, k text)",
                "CREATE TABLE TWICE (i int, k text)",
                "CREATE TABLE `My table` (`Id` int, `a b` text)",
                "INSERT INTO `My table` VALUES (1, 'x')",
                "CREATE TABLE many (i int PRIMARY KEY, k int)",
                f"INSERT INTO many SELECT seq, seq % 7 FROM seq_1_to_{ROWS}",
            ):
                cursor.execute(statement)
        yield Server(f"jdbc:mariadb://127.0.0.1:{port}/facts")


@pytest.fixture(params=["postgres", "maria"])
def server(request: pytest.FixtureRequest) -> Server:
    return request.getfixturevalue(request.param)


SHARED_TYPES = [
    '"7"^^xsd:integer',
    '"10.5"^^xsd:decimal',
    '"5.0E-1"^^xsd:double',
    '"1.0E-1"^^xsd:double',
    '"true"^^xsd:boolean',
    '"2030-01-31"^^xsd:date',
    '"2030-01-31T12:00:00.5"^^xsd:dateTime',
    '"2030-01-31T10:00:00Z"^^xsd:dateTime',
    '"08:05:00"^^xsd:time',
    '"سد"',
    '"CAFE"^^xsd:hexBinary',
]


def values(made: list[str]) -> list[str]:
    return [line.split(" ", 2)[2] for line in made]


def test_types_of_postgresql(postgres: Server, tmp_path: Path) -> None:
    made = postgres.objects(tmp_path, "Table", "types", [*"abcdefghjklmn", *"opqr"])
    assert values(made) == [
        *SHARED_TYPES,
        '"8a1b0000-0000-4000-8000-000000000000"',
        r'"{\"x\": 1}"',
        '"abc"',
        '"ab "',
        '"08:05:00+05:30"^^xsd:time',
    ]


def test_types_of_mariadb(maria: Server, tmp_path: Path) -> None:
    made = maria.objects(tmp_path, "Table", "types", [*"abcdefghjklmn", *"op"])
    assert values(made) == [*SHARED_TYPES, '"2030"^^xsd:integer', r'"{\"x\": 1}"', '"5"^^xsd:integer']


@pytest.mark.parametrize(
    ("column", "said"),
    [
        ("a", "'infinity' is no xsd:date"),
        ("b", "the reference leads to the decimal NaN"),
        ("c", "'c' is an interval"),
        ("d", "the reference leads to an array"),
    ],
)
def test_values_of_postgresql_that_rdf_has_not(postgres: Server, tmp_path: Path, column: str, said: str) -> None:
    with pytest.raises(KgError, match=said):
        postgres.objects(tmp_path, "Table", "odd", [column])
    assert values(postgres.objects(tmp_path, "Table", "odd", ["e"])) == ['"NaN"^^xsd:double']


@pytest.mark.parametrize(
    ("column", "said"),
    [("a", "'0000-00-00' is no xsd:date"), ("b", "5 in a column of BOOLEAN"), ("c", "'30:00:00' is no xsd:time")],
)
def test_values_of_mariadb_that_rdf_has_not(maria: Server, tmp_path: Path, column: str, said: str) -> None:
    with pytest.raises(KgError, match=said):
        maria.objects(tmp_path, "Table", "odd", [column])


def test_names_in_quotes(server: Server, tmp_path: Path) -> None:
    quotes = "`" if "mariadb" in server.dsn else '"'
    for table in ("My table", f"{quotes}My table{quotes}"):
        source = database_source(server.dsn, "rml:SQL2008Table", table, USER)
        path = one_map(tmp_path, source, 'http://e/{"Id"}', ['"a b"'])
        assert objects(path, access=allowing(server.dsn)) == ['<1> <p0> "x"']


def test_a_query_and_all_rows_in_its_order(server: Server, tmp_path: Path) -> None:
    made = server.objects(tmp_path, "Query", "SELECT i, k AS m FROM many ORDER BY i DESC;", ["m"])
    assert made == [f'<{i}> <p0> "{i % 7}"^^xsd:integer' for i in range(ROWS, 0, -1)]
    assert server.objects(tmp_path, "Query", "SELECT i, k FROM many WHERE i < 0", ["k"]) == []
    assert server.objects(tmp_path, "Query", "SELECT i, '%s' AS a FROM many WHERE i = 1", ["a"]) == ['<1> <p0> "%s"']


def test_workers_read_a_database_as_one_process_does(server: Server, tmp_path: Path) -> None:
    path = server.mapping(tmp_path, "Table", "many", ["k"])
    alone, shared = io.BytesIO(), io.BytesIO()
    map_to(path, alone, access=allowing(server.dsn))
    map_to(path, shared, access=allowing(server.dsn), workers=2)
    assert alone.getvalue() == shared.getvalue()


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("DELETE FROM many", "does more than read|gives no rows"),
        ("INSERT INTO many VALUES (0, 0)", "does more than read|gives no rows"),
        ("DROP TABLE many", "does more than read|gives no rows"),
        ("SELECT i, k FROM many; DROP TABLE many", "multiple commands|syntax"),
        ("COMMIT; DROP TABLE many", "multiple commands|syntax"),
        ("SELECT * FROM absent", "absent"),
        ("SELEC 1", "syntax"),
        ("SELECT 1 AS i, 2 AS i", "two columns are named 'i'"),
    ],
)
def test_a_query_only_reads(server: Server, tmp_path: Path, query: str, said: str) -> None:
    with pytest.raises(KgError, match=said):
        server.objects(tmp_path, "Query", query, ["k"])
    assert len(server.objects(tmp_path, "Table", "many", ["k"])) == ROWS


@pytest.mark.parametrize(
    "query",
    [
        "WITH gone AS (DELETE FROM many RETURNING *) SELECT * FROM gone",
        "SELECT i, set_config('transaction_read_only', 'off', false) AS k FROM many",
        "COPY many TO '/tmp/many.csv'",
    ],
)
def test_postgresql_finds_no_way_around_it(postgres: Server, tmp_path: Path, query: str) -> None:
    with pytest.raises(MappingError):
        postgres.objects(tmp_path, "Query", query, ["k"])
    assert len(postgres.objects(tmp_path, "Table", "many", ["k"])) == ROWS


def test_a_database_must_be_allowed_letter_for_letter(server: Server, tmp_path: Path) -> None:
    path = server.mapping(tmp_path, "Table", "many", ["k"])
    done = CliRunner().invoke(kg, ["map", str(path), "-o", str(tmp_path / "out.nq"), "--json"])
    assert done.exit_code == 2
    (error,) = json.loads(done.stdout)["errors"]
    assert f"the database {server.dsn} is not allowed" in error["message"]
    assert error["hint"] == f"if you trust the mapping with it: --allow-database '{server.dsn}'"
    assert path.read_text().splitlines()[error["where"]["line"] - 1].strip().startswith("d2rq:jdbcDSN")
    arguments = ["map", str(path), "-o", str(tmp_path / "out.nq"), "--allow-database"]
    assert CliRunner().invoke(kg, [*arguments, server.dsn.upper()]).exit_code == 2
    done = CliRunner().invoke(kg, [*arguments, server.dsn])
    assert done.exit_code == 0, done.output
    assert (tmp_path / "out.nq").read_text().count("\n") == ROWS


def test_passwords_are_in_the_environment_and_never_told(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KG_TEST_PASSWORD", "wrong-and-hidden")
    with pytest.raises(OperationError, match="cannot reach") as caught:
        server.objects(tmp_path, "Table", "many", ["k"])
    assert "wrong-and-hidden" not in str(caught.value)
    assert "tester" not in caught.value.problems[0].message.partition("cannot reach")[0]
    monkeypatch.delenv("KG_TEST_PASSWORD")
    with pytest.raises(MappingError, match="the variable KG_TEST_PASSWORD is not set"):
        server.objects(tmp_path, "Table", "many", ["k"])


@pytest.mark.parametrize(
    ("dsn", "more", "said"),
    [
        ("jdbc:postgresql://h/d", '; d2rq:password "hidden"', "a password does not belong into a mapping"),
        ("jdbc:postgresql://me:hidden@h/d", "", "the address holds a user or a password"),
        ("jdbc:postgresql://h/d?user=me&password=hidden", "", "the address holds a user or a password"),
        ("jdbc:postgresql://h/d?options=-c", "", "the setting options of the address is not known"),
        ("jdbc:oracle:thin:h", "", "no address of a database"),
        ("postgresql://h/d", "", "no address of a database"),
    ],
)
def test_addresses_that_are_none(tmp_path: Path, dsn: str, more: str, said: str) -> None:
    path = one_map(tmp_path, database_source(dsn, "rml:SQL2008Table", "t", more), "http://e/{i}", [])
    with pytest.raises(MappingError, match=said) as caught:
        objects(path, access=allowing(dsn))
    assert "hidden" not in str(caught.value)


@pytest.mark.parametrize("kind", ["postgresql", "mysql"])
def test_a_server_that_is_not_there_is_told(tmp_path: Path, kind: str) -> None:
    for module in ("psycopg", "pymysql"):
        pytest.importorskip(module, reason="the extra zellige[tables] is not installed")
    dsn = f"jdbc:{kind}://127.0.0.1:{free_port()}/d"
    path = one_map(tmp_path, database_source(dsn, "rml:SQL2008Table", "t", USER), "http://e/{i}", [])
    with pytest.raises(OperationError, match=f"cannot reach {dsn}") as caught:
        objects(path, access=allowing(dsn))
    assert caught.value.exit_code == 3


@pytest.mark.parametrize(("module", "kind"), [("psycopg", "postgresql"), ("pymysql", "mysql")])
def test_without_the_extra_the_error_says_what_to_install(
    tmp_path: Path, module: str, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, module, None)
    dsn = f"jdbc:{kind}://127.0.0.1:9/d"
    path = one_map(tmp_path, database_source(dsn, "rml:SQL2008Table", "t"), "http://e/{i}", [])
    with pytest.raises(KgError, match=r"pip install 'zellige\[tables\]'") as caught:
        objects(path, access=allowing(dsn))
    assert caught.value.exit_code == 2


def test_a_database_is_read_as_tables_only(tmp_path: Path) -> None:
    dsn = "jdbc:postgresql://h/d"
    path = one_map(tmp_path, database_source(dsn, "rml:JSONPath", "$"), "http://e/{$.i}", [])
    with pytest.raises(MappingError, match="a database is not read as rml:JSONPath"):
        objects(path, access=allowing(dsn))


def test_r2rml(postgres: Server, maria: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mapping that names no database maps that of the command line; names in quotes are those of SQL."""
    monkeypatch.setenv("KG_DATABASE_PASSWORD", "secret")
    path = tmp_path / "m.ttl"
    path.write_text(
        "@prefix rr: <http://www.w3.org/ns/r2rml#> .\n"
        '<http://e/A> rr:logicalTable [ rr:tableName "\\"My table\\"" ] ;\n'
        ' rr:subjectMap [ rr:template "http://e/{Id}/{a b}" ] ; rr:predicateObjectMap [ rr:predicate <http://e/p> ;\n'
        '  rr:objectMap [ rr:parentTriplesMap <http://e/B> ; rr:joinCondition [ rr:child "Id" ; rr:parent "i" ] ] ] .\n'
        '<http://e/B> rr:logicalTable [ rr:sqlQuery "SELECT i, a FROM types;" ] ;\n'
        ' rr:subjectMap [ rr:template "http://e/{a}" ] .\n'
    )
    for server in (postgres, maria):
        result = CliRunner().invoke(kg, ["map", str(path), "--database", server.dsn, "--user", "tester"])
        assert result.stdout == "<http://e/1/x> <http://e/p> <http://e/7> .\n", result.stderr
        new = CliRunner().invoke(kg, ["map", "--upgrade", str(path), "--database", server.dsn, "--user", "tester"])
        assert "${KG_DATABASE_PASSWORD}" in new.stdout
        assert "secret" not in new.stdout


def _names(server: Server, folder: Path, formulation: str, text: str) -> list[str]:
    return values(server.objects(folder, formulation, text, ["k"]))


@pytest.mark.parametrize("name", ["postgres", "maria"])
def test_a_table_in_other_letters(name: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    server = request.getfixturevalue(name)
    with pytest.raises(MappingError, match="twice"):
        _names(server, tmp_path, "Table", "twice")
    assert _names(server, tmp_path, "Table", "lettered") == ['"x"']
    with pytest.raises(MappingError, match="lettered"):
        _names(server, tmp_path, "Table", '"lettered"' if name == "postgres" else "`lettered`")


def test_mysql_reads_sql_as_the_standard_has_it(maria: Server, tmp_path: Path) -> None:
    assert _names(maria, tmp_path, "Query", 'SELECT "i", "k" || \'!\' AS k FROM "Lettered"') == ['"x!"']
    with pytest.raises(MappingError, match=r"Unknown column 'x'.*a text in single ones"):
        _names(maria, tmp_path, "Query", 'SELECT i, k FROM Lettered WHERE k = "x"')
