"""Plain data across the wall: it arrives as it was, or not at all."""

# ruff: noqa: E501, ISC003 -- tables of cases

from __future__ import annotations

import array
import itertools
import math
import pickle
import struct
from collections import Counter, OrderedDict, defaultdict, deque, namedtuple
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from matplotlib.figure import Figure

from snrilab.grading.jailed import pictures, values
from snrilab.grading.jailed.values import BadDataError, NotPlainDataError, decode, encode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**600), 2**600)
    | st.floats()
    | st.complex_numbers()
    | st.text(st.characters(exclude_categories=["Cs"]))
    | st.binary(),
    lambda inner: st.lists(inner, max_size=4)
    | st.tuples(inner, inner)
    | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])) | st.integers(), inner, max_size=4),
    max_leaves=20,
)  # fmt: skip


def same(a: object, b: object) -> bool:
    if type(a) is not type(b):
        return False
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return list(a) == list(b) and all(same(a[key], b[key]) for key in a)
    return repr(a) == repr(b)  # tells NaN, -0.0 and True from 1


@given(PLAIN)
def test_plain_data_arrives_as_it_was(value: object) -> None:
    assert same(decode(encode(value)), value)


@given(
    hnp.arrays(
        st.one_of(
            hnp.boolean_dtypes(), hnp.integer_dtypes(), hnp.floating_dtypes(), hnp.complex_number_dtypes(),
            hnp.unicode_string_dtypes(max_len=5), hnp.datetime64_dtypes(),
        ),
        hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4),
    )
)  # fmt: skip
def test_arrays_arrive_as_they_were(array: np.ndarray) -> None:
    back = decode(encode(array))
    assert type(back) is np.ndarray
    assert (back.dtype, back.shape, back.tobytes()) == (array.dtype, array.shape, array.tobytes())
    assert back.flags.writeable


def test_numpy_numbers_sets_ranges_and_tables() -> None:
    for value in (np.float64(2.5), np.int32(7), np.bool_(True), np.str_("Ki")):
        back = decode(encode(value))
        assert type(back) is type(value)
        assert back == value
    assert decode(encode({1, 2})) == {1, 2}
    assert decode(encode(frozenset("a"))) == frozenset("a")
    assert decode(encode(range(3, 30, 4))) == range(3, 30, 4)
    assert decode(encode(...)) is Ellipsis
    table = np.array([("SERT", 11.2)], dtype=[("target", "U8"), ("ki", "f8")])
    assert decode(encode(table)).tolist() == [("SERT", 11.2)]


def test_results_arrive_by_field() -> None:
    @dataclass
    class Fit:
        ki_nM: float
        interval: tuple[float, float]

    fit = decode(encode(Fit(11.2, (9.5, 13.2))))
    assert fit == SimpleNamespace(ki_nM=11.2, interval=(9.5, 13.2))
    pair = decode(encode(namedtuple("Pair", "low high")(1, 2)))
    assert (pair.low, pair.high, pair == (1, 2)) == (1, 2, True)
    space = SimpleNamespace(a=1, b=[SimpleNamespace(c=2)])
    assert decode(encode(space)) == space


class _Tally(Counter):
    def __missing__(self, key: object) -> int:
        return 7


def _moved() -> OrderedDict[str, int]:
    table = OrderedDict(a=1, b=2)
    table.move_to_end("a")
    return table


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Counter("GATT"), Counter("GATT")),
        (_Tally("GATT"), Counter("GATT")),
        (_moved(), OrderedDict(b=2, a=1)),
        *((defaultdict(kind, {1: kind()}),) * 2 for kind in (int, float, list, dict, set, str)),
        (defaultdict(lambda: 7, {1: 2}), {1: 2}),
        (defaultdict(_Tally, {1: 2}), {1: 2}),
        (defaultdict(None, {1: 2}), {1: 2}),
    ],
)
def test_dictionaries_that_know_more_than_their_keys(value: object, expected: object) -> None:
    back = decode(encode(value))
    assert type(back) is type(expected)
    assert back == expected
    if isinstance(expected, Counter | defaultdict):
        assert back["absent"] == expected["absent"]


def test_a_polynomial_arrives_as_one() -> None:
    class Line(np.poly1d):
        def __call__(self, x: object) -> object:
            return x

    back = decode(encode(Line([2.0, 1.0])))
    assert type(back) is np.poly1d
    assert (back(3), back[0], back.coeffs.tolist()) == (7, 1, [2, 1])
    with pytest.raises(NotPlainDataError, match="coefficients"):
        encode(np.poly1d(np.ones(values.FIELDS + 1)))


@pytest.mark.parametrize("kind", [set, frozenset, dict.fromkeys, Counter, lambda k: dict.fromkeys(k).items()])  # fmt: skip
def test_many_keys_of_one_hash_are_refused(kind: Callable[[object], object]) -> None:
    """Some thousands of them would take the trusted process half a minute."""
    alike = [(0, (n * (2**61 - 1),)) for n in range(values.ALIKE + 1)]
    assert len({hash(key) for key in alike}) == 1
    with pytest.raises(BadDataError, match="hash"):
        decode(encode(kind(alike)))
    corners = list(itertools.product((-1, -2), repeat=6))  # of one hash, as -1 and -2 are
    assert sorted(decode(encode(kind(corners)))) == sorted(kind(corners))
    several = [dict.fromkeys("ab")] * values.ALIKE * 2
    assert decode(encode(several)) == several


def test_what_students_return_in_place_of_lists_and_floats() -> None:
    for value in (
        Fraction(1, 3),
        Fraction(-(10**60), 7),
        Decimal("11.20"),
        Decimal("NaN"),
        deque([1, 2]),
    ):
        back = decode(encode(value))
        assert (type(back), str(back)) == (type(value), str(value))
    assert decode(encode(array.array("d", [1, 2]))).tolist() == [1, 2]
    assert decode(encode(memoryview(np.arange(6).reshape(2, 3)))).shape == (2, 3)
    table = {"SERT": 11.2, "NET": 92.2}
    assert decode(encode(table.keys())) == {"SERT", "NET"}
    assert list(decode(encode(table.values()))) == [11.2, 92.2]
    assert list(decode(encode(table.items()))) == list(table.items())


def test_what_is_read_once_is_read_once_and_only_when_asked() -> None:
    def doses() -> Iterator[int]:
        yield from (20, 40)

    for value in (doses(), map(abs, (-20, 40)), (d for d in (20, 40))):
        with pytest.raises(NotPlainDataError):
            encode(value)
        back = decode(encode(value, exhaust=True))
        assert (list(back), list(back)) == ([20, 40], [])
    with pytest.raises(NotPlainDataError, match="parts"):
        encode(map(abs, itertools.count()), exhaust=True)


def test_subclasses_arrive_as_what_they_hold() -> None:
    class Liar(float):
        def __float__(self) -> float:
            return 0.5

        def __eq__(self, other: object) -> bool:
            return True

        __hash__ = None  # type: ignore[assignment]

    class Array(np.ndarray):
        def __array_ufunc__(self, *args: object, **kwargs: object) -> bool:
            return True

    back = decode(encode(Liar(42.0)))
    assert type(back) is float
    assert back == 42.0
    assert type(decode(encode(np.zeros(3).view(Array)))) is np.ndarray


@pytest.mark.parametrize(
    "value",
    [
        object(), lambda: 1, (n for n in range(3)), np.array([object()]), 10**100_000,
        math, type, np.zeros(values.BYTES // 8 + 1), [0] * (values.ITEMS + 1),
    ],
    ids=range(9),
)  # fmt: skip
def test_anything_else_does_not_cross(value: object) -> None:
    with pytest.raises(NotPlainDataError):
        encode(value)


def test_endless_and_deep_lists_do_not_cross() -> None:
    endless: list[object] = []
    endless.append(endless)
    with pytest.raises(NotPlainDataError, match="deeper"):
        encode(endless)


@given(st.binary(max_size=300))
def test_no_bytes_whatever_do_more_than_be_refused(data: bytes) -> None:
    try:
        decode(data)
    except BadDataError:
        return


@given(PLAIN, st.data())
def test_damaged_values_are_refused_or_plain(value: object, data: st.DataObject) -> None:
    raw = bytearray(encode(value))
    place = data.draw(st.integers(0, len(raw) - 1))
    raw[place] = data.draw(st.integers(0, 255))
    try:
        back = decode(bytes(raw))
    except BadDataError:
        return
    assert type(back).__module__ in {"builtins", "collections", "numpy", "types"}


@pytest.mark.parametrize(
    "data",
    [
        pickle.dumps(print),
        b"a"
        + b"\0\1"
        + struct.pack("<I", 0)
        + struct.pack("<I", 2)
        + b"|O"
        + b"\1"
        + struct.pack("<QI", 1, 8)
        + bytes(8),
        b"l" + struct.pack("<I", 2**31),
        b"l" + struct.pack("<I", 1) * 40,
        b"I" + struct.pack("<H", 60_000) + bytes(60_000),
        b"p" + struct.pack("<I", 4) + b"eval",
        b"q" + struct.pack("<I", 9) + b"math.sqrt",
        b"o"
        + struct.pack("<I", 1)
        + b"x"
        + struct.pack("<I", 1)
        + struct.pack("<I", 9)
        + b"__class__"
        + b"N",
        b"NN",
        b"",
        b"R" + b"".join(b"i" + struct.pack("<q", n) for n in (0, 2**60, 1)),
        b"D" + struct.pack("<I", 11) + b"1e999999999",
        b"r" + b"i" + bytes(8) + b"i" + bytes(8),
        b"w" + struct.pack("<I", 4) + b"eval" + bytes(4),
        b"P" + encode(np.ones((2, 2)))[1:],
        b"P" + encode(np.array(["x"]))[1:],
        b"P" + encode(np.ones(values.FIELDS + 1))[1:],
        b"a\0\1"
        + struct.pack("<I", 0)
        + struct.pack("<I", 3)
        + b"<f8\2"
        + struct.pack("<QQI", 2**40, 0, 0),
        b"a\0\1"
        + struct.pack("<I", 0)
        + struct.pack("<I", 3)
        + b"<U0\1"
        + struct.pack("<QI", 2**40, 0),
        b"l"
        + struct.pack("<I", values.RECORDS + 1)
        + (b"n" + struct.pack("<I", 1) + b"x" + bytes(4)) * (values.RECORDS + 1),
        b"l" + struct.pack("<I", values.PICTURES + 1) + encode(Figure()) * (values.PICTURES + 1),
    ],
)
def test_forged_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(BadDataError):
        decode(data)


def test_a_truth_value_counts_once() -> None:
    forged = bytearray(encode(np.array([True, False])))
    forged[-2:] = b"\x07\x00"
    assert decode(bytes(forged)).sum() == 1


def test_a_figure_arrives_as_a_fresh_one() -> None:
    ax = Figure().add_subplot()
    ax.plot([1.0, 10.0], [0.0, 1.0], "s--", label="SERT")
    ax.bar([1, 2], [3, 4])
    ax.scatter([5], [6])
    ax.text(1, 2, "EC50")
    ax.set(xlabel="nM", ylabel="bound", title="t", xscale="log", xlim=(0.1, 100))
    ax.legend()
    back = decode(encode(ax))
    assert back is not ax
    assert [back.get_xlabel(), back.get_ylabel(), back.get_title(), back.get_xscale()] == [
        "nM",
        "bound",
        "t",
        "log",
    ]
    assert back.get_xlim() == (0.1, 100)
    line = back.lines[0]
    assert line.get_xdata().tolist() == [1.0, 10.0]
    assert (line.get_label(), line.get_marker(), line.get_linestyle()) == ("SERT", "s", "--")
    assert [bar.get_height() for bar in back.patches] == [3, 4]
    assert back.collections[0].get_offsets().tolist() == [[5, 6]]
    assert [text.get_text() for text in back.texts] == ["EC50"]
    assert [text.get_text() for text in back.get_legend().get_texts()] == ["SERT"]
    assert len(decode(encode(ax.figure)).axes) == 1


@pytest.mark.parametrize(
    "texts", [["SERT"], ["SERT", "NET", "DAT"], ["one", "more", "than", "ready"]]
)
@pytest.mark.parametrize("title", ["", "Drug"])
def test_axes_that_were_built_in_advance_are_like_new_ones(
    texts: list[str], title: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ax = Figure().add_subplot()
    for text in texts:
        ax.plot([1, 2], label=text)
    plain = Figure().add_subplot()
    ax.legend(title=title)

    def told(back: Any) -> list[Any]:
        legend = back.get_legend()
        handles = [] if legend is None else legend.legend_handles
        shown = [] if legend is None else [legend.get_title(), *legend.get_texts()]
        return [
            [type(child).__name__ for child in back.get_children()],
            [(text.get_text(), text.get_visible(), text.get_color()) for text in shown],
            [(one.get_label(), one.get_color(), one.get_linestyle()) for one in handles],
            back.get_legend_handles_labels()[1],
        ]

    monkeypatch.setattr(pictures, "_empty_axes", {})
    new = [told(decode(encode(one))) for one in (ax, plain, ax, ax)]
    pictures.build_axes(2, legends=3)
    ready = sum(map(len, pictures._empty_axes.values()))
    assert [told(decode(encode(one))) for one in (ax, plain, ax, ax)] == new
    assert sum(map(len, pictures._empty_axes.values())) == ready - (4 if len(texts) < 4 else 2)
