"""The direction in which a text runs, as its language tag tells it (BCP 47; HTML, section 3.2.6.4).

A text that begins in Latin letters may well be Arabic: its first strong character, which `dir=auto` goes by, is a guess
that is made only where no tag says better.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

_SCRIPTS: Final = """
adlm arab aran armi avst chrs cprt elym gara hatr hebr hung khar lydi mand mani mend merc mero narb nbat nkoo orkh ougr
palm phli phlp phnx prti rohg samr sarb sidt sogd sogo syrc syre syrj syrn thaa yezi
"""
_LIKELY: Final = """
ae aeb apc apd ar arc arq ars ary arz avl bal bej bft bgn bqi brh cja ckb dcc dgl dv fa fia fub gbz gjk gju glk gwc gwt
haz he hnd hno iw ji kby khw ks kvx kxp kzh lad lah lki lrc luz mde mfa mki mvy myz mzn nqo oru ota otk oui pal phl phn
pra prd ps rhg rmt scl sd sdh shu skr smp sog swb syr trw ug ur wni xco xld xmn xmr xna xpr xsa yi zdj
"""
_MEMBERS: Final = """
aao abh abv acm acq acw acx acy adf afb aii ajp arb auz ayh ayl ayn ayp azb bcc bgp hbo pbt pbu pes pga pnb prs pst ssh
syc xaa ydd yih
"""
_REGIONS: Final = (
    "az-iq az-ir ha-cm ha-sd kk-af kk-cn kk-ir kk-mn ku-iq ku-ir ku-lb ky-cn man-gn ms-cc pa-pk tg-pk uz-af"
)

_RTL_SCRIPTS: Final = frozenset(_SCRIPTS.split())
"""ISO 15924 codes of the scripts whose letters have the bidirectional class R or AL in Unicode 17."""
_RTL_LANGUAGES: Final = frozenset([*_LIKELY.split(), *_MEMBERS.split()])
"""What CLDR has as likely scripts of languages (likelySubtags.xml), and members of the macrolanguages among them (ISO
639-3), which it does not list."""
_RTL_REGIONS: Final = frozenset(_REGIONS.split())
"""Languages that are written from right to left in these countries, and elsewhere not."""
_LTR_REGIONS: Final = frozenset({"ug-kz", "ug-mn"})
_UNSAID: Final = frozenset({"", "und", "mul", "mis", "zxx", "art", "x", "i"})
"""Tags that name no one language."""
_PRIVATE: Final = 1
_SCRIPT: Final = 4


@lru_cache(1024)
def direction_of(tag: str) -> str:
    """`rtl` or `ltr`, as a language tag tells it; `auto` where it tells nothing.

    A script in the tag decides; else the one that the language is likely written in, there where the tag says.

    >>> [direction_of(tag) for tag in ("ar", "FA-IR", "ks", "ks-Deva", "az", "az-Arab", "ar-Latn", "pa-PK", "und", "")]
    ['rtl', 'rtl', 'rtl', 'ltr', 'ltr', 'rtl', 'ltr', 'rtl', 'auto', 'auto']
    """
    subtags = tag.lower().split("-")
    language, more = subtags[0], []
    for subtag in subtags[1:]:
        if len(subtag) == _PRIVATE:
            break  # extensions and private use say nothing of the script
        more.append(subtag)
    for subtag in more:
        if len(subtag) == _SCRIPT and subtag.isalpha():
            return "rtl" if subtag in _RTL_SCRIPTS else "ltr"
    if language in _UNSAID:
        return "auto"
    there = {f"{language}-{subtag}" for subtag in more}
    if there & _LTR_REGIONS:
        return "ltr"
    return "rtl" if language in _RTL_LANGUAGES or there & _RTL_REGIONS else "ltr"
