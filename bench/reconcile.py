"""Reconciliation among many names: how fast a candidate is found, against comparing with every name.

    python bench/reconcile.py [--things 100000] [--questions 400] [--scans 4]

Things get three names each, in Arabic, French and English, made of words whose frequency falls like that of real ones
(the n-th word about as 1/n), with invented proper names among them. Questions are names of things, a third of them as
they are, a third with one letter changed, a third without articles or with words left out. The scan compares a
question with every name by the same measure and gives the same candidates; only a few are run, since each takes long.
"""

from __future__ import annotations

import argparse
import bisect
import random
import resource
import sys
import time
from itertools import accumulate
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from server.reconciliation.index import MINIMUM, RELATIVE, NameIndex
from server.reconciliation.similarity import Spelling

COMMON = {
    "ar": "وزارة مركز معهد جامعة مجلس وكالة مشروع برنامج الوطني المغربي الرقمي الاقتصادي التنمية التعليم الصحة الفلاحة"
    " الابتكار البحث العلمي التكنولوجيا المعلومات الانتقال الإدارة إصلاح شركة مؤسسة جمعية الدولي الجهوي العمومي مدينة"
    " الذكاء الاصطناعي استراتيجية خارطة طريق صندوق الاستثمار الشباب المقاولات الناشئة التكوين المهني الماء الطاقة",
    "fr": "ministère centre institut université conseil agence projet programme national marocain numérique"
    " économique développement éducation santé agriculture innovation recherche scientifique technologie information"
    " transition administration réforme société fondation association international régional public ville intelligence"
    " artificielle stratégie feuille route fonds investissement jeunesse entreprises formation"
    " professionnelle eau énergie de la du",
    "en": "ministry centre institute university council agency project programme national moroccan digital economic"
    " development education health agriculture innovation research scientific technology information transition"
    " administration reform company foundation association international regional public city intelligence artificial"
    " strategy road map fund investment youth enterprises training vocational water energy of the for and",
}
CONSONANTS = {
    "ar": "ب ت ث ج ح خ د ذ ر ز س ش ص ض ط ظ ع غ ف ق ك ل م ن ه",
    "fr": "b c d f g h j k l m n p q r s t v z ch ou gh kh",
    "en": "b c d f g h j k l m n p q r s t v w z sh gh kh th",
}
VOWELS = {"ar": ",ا,و,ي", "fr": "a,e,i,o,u,é,ai,ou", "en": "a,e,i,o,u,ee,ai,oo"}
PROPER = 30_000
LIMIT = 5
Span = tuple[float, float]
WAYS = ("as it is", "one letter changed", "words left out")


def vocabulary(language: str) -> tuple[list[str], list[float]]:
    """Words and the running sum of their frequencies; the common ones first."""
    pick = random.Random(1)
    words = COMMON[language].split()
    consonants, vowels = CONSONANTS[language].split(), VOWELS[language].split(",")
    for _ in range(PROPER):
        words.append("".join(pick.choice(consonants) + pick.choice(vowels) for _ in range(pick.randint(2, 4))))
    return words, list(accumulate(1 / (rank + 10) for rank in range(len(words))))


def make_names(things: int) -> list[tuple[int, str]]:
    """Three names for each thing."""
    pick = random.Random(2)
    spoken = {language: vocabulary(language) for language in COMMON}
    names = []
    for thing in range(things):
        length = pick.randint(2, 7)
        places = [pick.random() for _ in range(length)]
        for words, sums in spoken.values():
            names.append((thing, " ".join(words[bisect.bisect(sums, place * sums[-1])] for place in places)))
    return names


def make_questions(names: list[tuple[int, str]], number: int) -> list[str]:
    """Names as people would ask for them."""
    pick = random.Random(3)
    questions = []
    for turn in range(number):
        text = pick.choice(names)[1]
        way = WAYS[turn % len(WAYS)]
        if way == WAYS[1]:
            at = pick.randrange(len(text))
            text = text[:at] + pick.choice("aelمن") + text[at + 1 :]
        elif way == WAYS[2]:
            words = [word.removeprefix("ال") for word in text.split()]
            text = " ".join(words[: max(2, len(words) - 1)])
        questions.append(text)
    return questions


def scan(index: NameIndex, spellings: list[Spelling], question: str) -> list[tuple[int, float]]:
    """The candidates by comparing with every name."""
    asked = Spelling.of(question)
    best: dict[int, float] = {}
    for owner, known in zip(index.owners, spellings, strict=True):
        score = index.compare_spellings(asked, known).score
        if score >= MINIMUM and score > best.get(owner, 0.0):
            best[owner] = score
    ranked = sorted(best.items(), key=lambda item: (-item[1], item[0]))[:LIMIT]
    return [(owner, score) for owner, score in ranked if score >= RELATIVE * ranked[0][1]]


def now() -> Span:
    """Wall and CPU time, in seconds."""
    return time.perf_counter(), time.process_time()


def since(begun: Span) -> Span:
    """Wall and CPU time since then."""
    wall, cpu = now()
    return wall - begun[0], cpu - begun[1]


def shown(spans: list[Span], share: float) -> str:
    """A quantile of wall and of CPU time."""
    wall, cpu = (quantile([span[n] for span in spans], share) for n in (0, 1))
    return f"{wall:8.1f} ms ({cpu:.1f} ms CPU)"


def quantile(times: list[float], share: float) -> float:
    """The time in milliseconds below which so large a share of the times lies."""
    return 1000 * sorted(times)[min(len(times) - 1, int(share * len(times)))]


def resident() -> float:
    """Resident memory of this process now, in MiB; 0 where /proc is absent."""
    status = Path("/proc/self/status")
    if not status.is_file():
        return 0.0
    line = next(line for line in status.read_text(encoding="utf-8").splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) / 1024


def main() -> None:
    """Build, ask, scan, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--things", type=int, default=100_000)
    parser.add_argument("--questions", type=int, default=400)
    parser.add_argument("--scans", type=int, default=4)
    asked = parser.parse_args()
    names = make_names(asked.things)
    questions = make_questions(names, asked.questions)
    before, begun = resident(), now()
    index = NameIndex(names)
    wall, cpu = since(begun)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{len(names)} names of {asked.things} things: built in {wall:.1f} s ({cpu:.1f} s CPU)")
    print(f"memory of the index {resident() - before:.0f} MiB, peak of the process {peak:.0f} MiB")
    groups: dict[str, list[Span]] = {way: [] for way in WAYS}
    for turn, question in enumerate(questions):
        begun = now()
        index.search(question, LIMIT)
        groups[WAYS[turn % len(WAYS)]].append(since(begun))
    every = [one for spans in groups.values() for one in spans]
    for name, spans in {**groups, "all": every}.items():
        told = "   ".join(f"p{100 * share:.0f} {shown(spans, share)}" for share in (0.5, 0.99))
        print(f"{name:20} {told}")
    spellings = [Spelling.of(text) for _, text in names]
    scans, same = [], 0
    for question in questions[: asked.scans]:
        begun = now()
        wanted = scan(index, spellings, question)
        scans.append(since(begun))
        same += wanted == [(hit.owner, hit.score) for hit in index.search(question, LIMIT)]
    print(f"scan of every name   p50 {shown(scans, 0.5)}, spellings prepared beforehand; same candidates in"
          f" {same} of {len(scans)}")  # fmt: skip
    ratios = [quantile([span[n] for span in scans], 0.5) / quantile([span[n] for span in every], 0.5) for n in (0, 1)]
    print(f"scan / index: {ratios[0]:.0f}x wall, {ratios[1]:.0f}x CPU")


if __name__ == "__main__":
    main()
