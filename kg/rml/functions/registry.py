"""The functions that come with the mapper, as data: each a Python function, and what GREL and IDLab call it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from kg.rml.functions import choices, columns, dates, encodings, lists, numbers, patterns, tables, texts
from kg.rml.functions.signatures import described
from kg.rml.mapping.functions import Function, Functions, expand

_TEXT: Final = (
    "grel:valueParam grel:valueParameter grel:valueParam1 grel:valueParameter1 idlab-fn:str idlab-fn:_str idlab-fn:str1"
)
_OTHER: Final = "grel:valueParam2 grel:valueParameter2 idlab-fn:otherStr idlab-fn:str2 idlab-fn:expectedStr"
_PART: Final = "grel:string_sub grel:param_string_sub grel:p_string_sub grel:valueParam2 grel:valueParameter2"
_SEPARATOR: Final = (
    "grel:p_string_sep grel:param_string_sep grel:p_string_separator grel:param_separator idlab-fn:delimiter"
)
_LIST: Final = "grel:p_array_a grel:param_array_a idlab-fn:list idlab-fn:_list idlab-fn:seq"
_FROM: Final = "grel:p_int_i_from grel:param_int_i_from"
_UP_TO: Final = "grel:p_int_i_opt_to grel:param_int_i_opt_to"
_BOOLEAN: Final = "grel:bool_b grel:param_bool_b grel:p_bool_b grel:param_rep_b idlab-fn:strBoolean idlab-fn:bool"
_MORE: Final = "grel:param_rep_b"
"""GREL gives one name to all tests that must hold."""
_SECOND: Final = f"grel:bool_b2 grel:param_rep_b2 {_MORE}"
_NUMBER: Final = "grel:valueParam grel:valueParameter grel:p_dec_n grel:param_dec_n"


Check = Callable[[Mapping[str, Any]], None]


_COLUMNS: Final[Mapping[Callable[..., Any], Callable[..., list[Any]]]] = MappingProxyType(
    {
        texts.to_upper_case: columns.to_upper_case,
        texts.to_lower_case: columns.to_lower_case,
        texts.trim: columns.trim,
        texts.length: columns.length,
        texts.replace: columns.replace,
        texts.substring: columns.substring,
        texts.concat: columns.concat,
        texts.split: columns.split,
        texts.split_as_it_is: columns.split_as_it_is,
        encodings.sha256: columns.sha256,
        patterns.regex_replace: columns.regex_replace,
        dates.to_date: columns.to_date,
        choices.is_null: columns.is_null,
        choices.is_not_null: columns.is_not_null,
    }
)
"""What does for a whole column what a function does for a value."""


def _of(
    run: Callable[..., Any], names: str, *, grows: bool = False, check: Check | None = None, **called: str
) -> Function:
    """A function: its own name first, then those of others; what others call its parameters, by their names here."""
    own, *others = names.split()
    return described(
        run,
        own,
        iris=tuple(map(expand, others)),
        called={name: tuple(map(expand, given.split())) for name, given in called.items()},
        grows=grows,
        check=check,
        column=_COLUMNS.get(run),
    )


_TEXTS: Final = (
    _of(
        texts.to_upper_case,
        "toUpperCase grel:toUpperCase grel:toUppercase grel:string_toUppercase idlab-fn:toUpperCase",
        text=_TEXT,
    ),
    _of(
        texts.to_lower_case,
        "toLowerCase grel:toLowerCase grel:toLowercase grel:string_toLowercase idlab-fn:toLowerCase",
        text=_TEXT,
    ),
    _of(texts.to_title_case, "toTitleCase grel:toTitleCase grel:toTitlecase grel:string_toTitlecase", text=_TEXT),
    _of(texts.trim, "trim grel:string_trim grel:trim grel:strip idlab-fn:trim", text=_TEXT),
    _of(texts.normalize_space, "normalizeSpace", text=_TEXT),
    _of(
        texts.replace,
        "replace grel:string_replace grel:replace",
        grows=True,
        text=_TEXT,
        find="grel:param_find grel:p_string_find",
        replacement="grel:param_replace grel:p_string_replace",
    ),
    _of(
        patterns.regex_replace,
        "regexReplace grel:string_replaceRegex grel:replaceRegex",
        check=patterns.check,
        grows=True,
        text=_TEXT,
        pattern="grel:param_find grel:p_string_find grel:param_regex grel:p_regex",
        replacement="grel:param_replace grel:p_string_replace",
    ),
    _of(
        patterns.regex_extract,
        "regexExtract",
        check=patterns.check,
        text=_TEXT,
        pattern="grel:p_regex grel:param_regex",
    ),
    _of(
        patterns.regex_groups,
        "regexGroups grel:string_match grel:match",
        check=patterns.check_groups,
        text=_TEXT,
        pattern="grel:p_regex grel:param_regex grel:p_string_regex",
    ),
    _of(patterns.regex_split, "regexSplit", check=patterns.check, text=_TEXT, pattern="grel:p_regex grel:param_regex"),
    _of(
        patterns.matches,
        "matches idlab-fn:matches",
        check=patterns.check,
        text=_TEXT,
        pattern="grel:p_regex grel:param_regex",
    ),
    _of(texts.split, "split", check=texts.check, text=_TEXT, separator=_SEPARATOR),
    _of(
        texts.split_as_it_is,
        "splitAsItIs grel:string_split grel:split idlab-fn:split idlab-fn:stringSplit morph-kgc:string_split_explode",
        check=texts.check,
        text=_TEXT,
        separator=_SEPARATOR,
    ),
    _of(
        texts.join,
        "join grel:array_join grel:join idlab-fn:concatSequence",
        grows=True,
        values=f"{_LIST} {_TEXT}",
        separator=_SEPARATOR,
    ),
    _of(
        texts.concat,
        "concat idlab-fn:concat morph-kgc:concat",
        grows=True,
        text=_TEXT,
        other=_OTHER,
        separator=_SEPARATOR,
    ),
    _of(
        texts.substring,
        "substring grel:string_substring grel:substring",
        text=_TEXT,
        start=_FROM,
        end=_UP_TO,
    ),
    _of(texts.length, "length grel:string_length grel:length", text=_TEXT),
    _of(texts.index_of, "indexOf grel:string_indexOf", text=_TEXT, part=_PART),
    _of(texts.last_index_of, "lastIndexOf grel:string_lastIndexOf grel:lastIndexOf", text=_TEXT, part=_PART),
    _of(texts.chomp, "chomp grel:string_chomp grel:chomp", text=_TEXT, part=f"{_PART} {_SEPARATOR}"),
    _of(texts.difference, "difference grel:string_diff grel:diff", text=_TEXT, other=_OTHER),
    _of(texts.to_text, "toText grel:string_toString grel:toString", value=_TEXT),
    _of(texts.fold, "fold", grows=True, text=_TEXT),
    _of(texts.always_abc, "alwaysReturnsABC idlab-fn:alwaysReturnsABC"),
)
_ENCODINGS: Final = (
    _of(encodings.md5, "md5 grel:string_md5", text=_TEXT),
    _of(encodings.sha1, "sha1 grel:string_sha1", text=_TEXT),
    _of(encodings.sha256, "sha256 grel:string_sha256 idlab-fn:sha256 morph-kgc:hash", text=_TEXT),
    _of(encodings.slug, "slug idlab-fn:slugify", grows=True, text=_TEXT),
    _of(encodings.url_encode, "urlEncode idlab-fn:urlEncode", grows=True, text=_TEXT),
    _of(encodings.url_decode, "urlDecode", text=_TEXT),
    _of(encodings.to_upper_case_url, "toUpperCaseURL idlab-fn:toUpperCaseURL", grows=True, text=_TEXT),
    _of(
        encodings.escape,
        "escape grel:escape grel:string_escape",
        check=encodings.check,
        grows=True,
        text=_TEXT,
        mode="grel:modeParam grel:modeParameter",
    ),
)
_NUMBERS: Final = (
    _of(numbers.to_digits, "toDigits", text=_TEXT),
    _of(numbers.to_number, "toNumber grel:string_toNumber grel:toNumber", check=numbers.check, text=_TEXT),
    _of(numbers.to_integer, "toInteger", check=numbers.check, text=_TEXT),
    _of(numbers.to_quantity, "toQuantity", check=numbers.check, text=_TEXT),
    _of(numbers.unit_of, "unit", check=numbers.check, text=_TEXT),
    _of(numbers.convert, "convert", check=numbers.check, number=_NUMBER),
    _of(numbers.add, "add", number=_NUMBER),
    _of(numbers.multiply, "multiply", number=_NUMBER),
    _of(numbers.divide, "divide", number=_NUMBER),
    _of(numbers.absolute, "abs grel:math_abs grel:abs", number=_NUMBER),
    _of(numbers.round_half_up, "round grel:math_round", number=_NUMBER),
    _of(numbers.floor, "floor grel:math_floor", number=_NUMBER),
    _of(numbers.ceil, "ceil grel:math_ceil", number=_NUMBER),
)
_LISTS: Final = (
    _of(lists.get, "get grel:array_get grel:get", values=_LIST, start=_FROM, end=_UP_TO),
    _of(lists.part, "slice grel:array_slice grel:slice", values=_LIST, start=_FROM, end=_UP_TO),
    _of(lists.backwards, "reverse grel:array_reverse grel:reverse", values=_LIST),
    _of(lists.in_order, "sort grel:array_sort grel:sort", values=_LIST),
    _of(lists.uniques, "uniques grel:array_uniques grel:uniques", values=_LIST),
    _of(lists.count, "count grel:array_length", values=_LIST),
    _of(lists.total, "sum grel:array_sum grel:sum", values=_LIST),
)
_DATES: Final = (
    _of(
        dates.to_date,
        "toDate grel:string_toDate grel:toDate",
        check=dates.check,
        text=f"{_TEXT} idlab-fn:strDate",
        format="grel:p_string_format grel:param_format idlab-fn:pattern",
        language="idlab-fn:lang",
    ),
    _of(
        dates.normalize_date,
        "normalizeDate idlab-fn:normalizeDate idlab-fn:normalizeDateWithLang idlab-fn:normalizeDateTime",
        check=dates.check,
        text=f"{_TEXT} idlab-fn:strDate",
        format="grel:p_string_format idlab-fn:pattern",
        language="idlab-fn:lang",
    ),
    _of(dates.month_number, "month", check=dates.check, text=_TEXT),
)
_CHOICES: Final = (
    _of(
        choices.if_,
        "if grel:controls_if",
        test=_BOOLEAN,
        then="grel:any_true grel:param_any_true grel:p_any_true",
        otherwise="grel:any_false grel:param_any_false grel:p_any_false",
    ),
    _of(choices.true_condition, "trueCondition idlab-fn:trueCondition", test=_BOOLEAN, value=_TEXT),
    _of(
        choices.decide, "decide idlab-fn:decide", text=_TEXT, expected="idlab-fn:expectedStr", result="idlab-fn:result"
    ),
    _of(choices.coalesce, "coalesce grel:coalesce", value=_TEXT, other=_OTHER),
    _of(choices.is_null, "isNull idlab-fn:isNull grel:isNull grel:isBlank", value=_TEXT),
    _of(choices.is_not_null, "isNotNull grel:isNotNull grel:isNonBlank", value=_TEXT),
    _of(choices.equal, "equal idlab-fn:equal grel:equals", text=_TEXT, other=_OTHER),
    _of(choices.not_equal, "notEqual idlab-fn:notEqual", text=_TEXT, other=_OTHER),
    _of(choices.greater, "greater idlab-fn:greater", value=_TEXT, other=_OTHER),
    _of(choices.less, "less idlab-fn:less", value=_TEXT, other=_OTHER),
    _of(choices.greater_or_equal, "greaterOrEqual", value=_TEXT, other=_OTHER),
    _of(choices.less_or_equal, "lessOrEqual", value=_TEXT, other=_OTHER),
    _of(texts.contains, "contains grel:string_contains", text=_TEXT, part=f"{_PART} idlab-fn:str2"),
    _of(
        texts.contains_item,
        "containsItem idlab-fn:stringContainsOtherString",
        text=_TEXT,
        item="idlab-fn:otherStr",
        separator="idlab-fn:delimiter",
    ),
    _of(texts.starts_with, "startsWith grel:string_startsWith", text=_TEXT, part=_PART),
    _of(texts.ends_with, "endsWith grel:string_endsWith", text=_TEXT, part=_PART),
    _of(choices.in_list, "inList idlab-fn:listContainsElement", text=_TEXT, values=_LIST),
    _of(choices.both, "and grel:boolean_and", test=_BOOLEAN, other=_SECOND, third=_MORE, fourth=_MORE),
    _of(choices.either, "or grel:boolean_or", test=_BOOLEAN, other=_SECOND, third=_MORE, fourth=_MORE),
    _of(choices.negate, "not grel:boolean_not", test=_BOOLEAN),
    _of(choices.valid, "valid", check=choices.check, text=_TEXT),
    _of(choices.to_boolean, "toBoolean", text=_TEXT),
    _of(
        tables.look_up,
        "lookup idlab-fn:lookup",
        check=tables.check,
        key=f"{_TEXT} idlab-fn:search",
        table="idlab-fn:inputFile",
        from_column="idlab-fn:fromColumn",
        to_column="idlab-fn:toColumn",
    ),
)
BUILT_IN: Final = Functions((*_TEXTS, *_LISTS, *_ENCODINGS, *_NUMBERS, *_DATES, *_CHOICES))
"""All functions that come with the mapper."""
