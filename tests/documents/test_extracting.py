"""Texts of files: no character is changed, and what cannot be read is told."""

from __future__ import annotations

import io
import zipfile

import pytest

from kg.documents import extract, has_sentences, kind_of, sentences
from kg.errors import KgError, RecordError

PAGE = """<!doctype html><html lang="fr"><head><title>Le
 quai</title><style>p {}</style></head><body><nav>Menu</nav>
<article><h1>Le quai</h1><p>L\u2019été\u00a0: «\u202fde\u0301jà\u202f» <b>2031</b>.<script>x()</script>
suite<br>ligne</p><table><tr><td>Un<td>Deux</table></article><footer>Pied</footer></body></html>"""


def docx(*paragraphs: str) -> bytes:
    body = "".join(f"<w:p><w:r><w:t xml:space='preserve'>{text}</w:t></w:r></w:p>" for text in paragraphs)
    office = "http://schemas.openxmlformats.org"
    main = f"<w:document xmlns:w='{office}/wordprocessingml/2006/main'><w:body>{body}</w:body></w:document>"
    kinds = (
        f"<Types xmlns='{office}/package/2006/content-types'><Default Extension='rels' "
        "ContentType='application/vnd.openxmlformats-package.relationships+xml'/><Override PartName='/word/document.xml'"
        " ContentType='application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml'/></Types>"
    )
    ties = (
        f"<Relationships xmlns='{office}/package/2006/relationships'><Relationship Id='a' Target='word/document.xml' "
        f"Type='{office}/officeDocument/2006/relationships/officeDocument'/></Relationships>"
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        for name, text in (("[Content_Types].xml", kinds), ("_rels/.rels", ties), ("word/document.xml", main)):
            file.writestr(name, text)
    return packed.getvalue()


def pdf(text: str) -> bytes:
    stream = f"BT /F1 12 Tf 20 100 Td ({text}) Tj ET".encode("latin-1")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] /Contents 4 0 R "
            b"/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>"
        ),
        b"<< /Length " + str(len(stream)).encode() + b" >>\nstream\n" + stream + b"\nendstream",
    ]
    written, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(written))
        written += f"{number} 0 obj\n".encode() + one + b"\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    start = len(written)
    tail = f"xref\n0 5\n0000000000 65535 f \n{table}trailer << /Size 5 /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    return written + tail.encode()


def test_the_article_of_a_page_is_taken_and_no_character_of_it_changed() -> None:
    found = extract(PAGE.encode(), "page.html", kind_of(PAGE.encode(), "page.html"))
    assert found.text == ("Le quai\n\nL\u2019été\u00a0: «\u202fde\u0301jà\u202f» 2031. suite\n\nligne\n\nUn\n\nDeux\n")
    assert (found.title, found.language) == ("Le quai", "fr")
    assert str(found.extractor).startswith("lxml ")
    latin = b"<html><head><meta charset='windows-1252'></head><body>\xe9t\xe9</body></html>"
    assert extract(latin, "p.html", "html").text == "été\n"


def test_a_text_is_kept_byte_by_byte() -> None:
    for content in (b"\xef\xbb\xbfone\r\ntwo", "e\u0301 \u200f٢\n".encode()):
        found = extract(content, "note.txt", kind_of(content, "note.txt"))
        assert (found.text.encode(), found.extractor) == (content, None)


def test_word_documents_and_latin_pdf_are_read_by_libraries_that_are_named() -> None:
    pytest.importorskip("mammoth")
    pytest.importorskip("pypdf")
    content = docx("Le quai\u00a0ouvre.", "الميناء")
    found = extract(content, "a.docx", kind_of(content, "a.docx"))
    assert found.text.split("\n\n")[:2] == ["Le quai\u00a0ouvre.", "الميناء"]
    assert str(found.extractor).startswith("mammoth 1")
    read = extract(pdf("The quay opens."), "a.pdf", kind_of(pdf("x"), "a.pdf"))
    assert (read.text.strip(), str(read.extractor).split()[0]) == ("The quay opens.", "pypdf")


@pytest.mark.parametrize(
    ("content", "name", "kind", "said"),
    [
        (b"one\n\xff", "a.txt", None, "a.txt:2: not UTF-8 at byte 4 (save the text as UTF-8)"),
        (b" \n", "a.txt", None, "a.txt: there is no text in it (paste the text instead: kg add document -)"),
        (b"<html><body><script>x</script></body></html>", "a.html", None, "a.html: there is no text in it"),
        (b"<html>\xe9</html>", "a.html", None, "a.html: neither UTF-8 nor what it declares (none)"),
        (b"PK\x03\x04...", "a.docx", None, "a.docx: no Word document"),
        (b"%PDF-1.4 ...", "a.pdf", None, "a.pdf: no pdf that can be read"),
        (b"x", "a.xlsx", None, "a.xlsx: no document that can be read (say what it is with --as: txt, html"),
        (pdf(""), "a.pdf", None, "a.pdf: there is no text in it (a scan has pictures and no text; paste the text"),
    ],
)
def test_what_cannot_be_read_is_told(content: bytes, name: str, kind: str | None, said: str) -> None:
    pytest.importorskip("mammoth")
    pytest.importorskip("pypdf")
    with pytest.raises(KgError) as caught:
        extract(content, name, kind or kind_of(content, name))
    assert said in str(caught.value)
    assert isinstance(caught.value, RecordError)


def test_broken_arabic_letters_are_warned_of() -> None:
    (warning,) = extract("\ufefb شيء".encode(), "a.txt", "txt").warnings
    assert "the text has Arabic presentation forms (\ufefb for لا)" in warning


@pytest.mark.skipif(not has_sentences(), reason="the extra zellige[collation] is absent")
@pytest.mark.parametrize(
    ("language", "pieces"),
    [
        ("fr", ["M. Alami a dit : « Le quai ouvre. »", "Il coûte 3 M€, cf. art. 5 de la loi.", "Le Dr. X l'a vu."]),
        ("ar", ["أعلن المجلس ترميم المنارة.", "هل ستكلف ٣ ملايين؟", "نعم!"]),
        ("en", ["😀 Mr. Smith, e.g. of Acme Inc., came at 5 p.m. to see it.", "The quay cost 3.5 million.", "Why?"]),
    ],
)
def test_sentences_are_those_that_a_reader_sees(language: str, pieces: list[str]) -> None:
    text = "\n" + " ".join(pieces) + "\n\nTitre\n\n" + pieces[0] + "\n"
    found = [text[start:end] for start, end in sentences(text, language)]
    assert found == [*pieces, "Titre", pieces[0]]


@pytest.mark.skipif(not has_sentences(), reason="the extra zellige[collation] is absent")
def test_lines_that_a_program_wrapped_are_no_sentences() -> None:
    text = (
        "The port authority of Ras Nour announced in the spring of the year that\na new quay will be built. It costs.\n"
    )
    assert [text[start:end] for start, end in sentences(text, "en")] == [text[:-11], "It costs."]
