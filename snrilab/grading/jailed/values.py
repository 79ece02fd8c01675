"""Plain data across the wall: exact base types only, never pickles, everything capped.

Runs in the student's process and in the forked grader.

A value is written as one tag byte and its content. Reading builds nothing but the exact base
types named here, so a subclass with a lying ``__eq__`` or ``__float__`` arrives as the number it
holds, and an object that is no plain data does not arrive at all.
"""

# ruff: noqa: ARG002, ARG005 -- readers share one signature, so that a table can choose among them

from __future__ import annotations

import array
import contextlib
import dataclasses
import io
import keyword
import math
import re
import struct
from collections import Counter, OrderedDict, defaultdict, deque, namedtuple
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import islice
from types import GeneratorType, MemberDescriptorType, SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np

from . import pictures, tables
from .errors import BadDataError, NotPlainDataError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

DEPTH = 24
ITEMS = 200_000
KEYS = 10_000
ALIKE = 100  # keys of one hash: each is compared with all others
BYTES = 32 * 2**20
INT_BYTES = 512
FIELDS = 100
PICTURES = 20
RECORD = b"o"
RECORDS = 5_000  # building one takes long
DIGITS = 100  # of a Decimal
EXPONENT = 400  # of a Decimal: int(Decimal("1e999999999")) takes forever
DTYPE = re.compile(
    r"[<>|=]?([biufc]|[US]|[mM])(\d{1,6})(\[(?:\d+)?(?:as|fs|ps|ns|us|ms|[smhDWMY])\])?"
)


_VIEWS = {b"k": type({}.keys()), b"v": type({}.values()), b"e": type({}.items())}


def encode(value: Any, functions: dict[int, str] | None = None, *, exhaust: bool = False) -> bytes:
    """Return `value` as bytes, or raise `NotPlainDataError`.

    Parameters
    ----------
    value : object
        None, bool, int, float, complex, Fraction, Decimal, str, bytes, list, tuple, dict, set,
        Counter, OrderedDict, defaultdict, deque, range, dates and times, numpy numbers, arrays
        and polynomials, scipy's OptimizeResult, dataclasses, simple namespaces and objects of the
        notebook's own classes (by field), named tuples, matplotlib axes and figures.
    functions : dict, optional
        ``id(function) -> name`` of functions that the other side knows by name. Without it no
        function crosses at all.
    exhaust : bool
        Read generators and the like to their end; otherwise they are refused, untouched.
    """
    writer = _Writer(functions, exhaust)
    writer.write(value, 0)
    return b"".join(writer.parts)


def decode(data: bytes, resolve: Callable[[str], Any] | None = None) -> Any:
    """Return the value in `data`, or raise `BadDataError`.

    Parameters
    ----------
    data : bytes
        What `encode` returned, or what somebody pretends it did.
    resolve : callable, optional
        Turns the name of a function into the function; without it such names are refused.
    """
    if len(data) > BYTES:
        raise BadDataError(f"the value is larger than {BYTES // 2**20} MB")
    reader = _Reader(memoryview(data), resolve)
    try:
        value = reader.read(0)
    except BadDataError:
        raise
    except Exception as error:  # noqa: BLE001 -- whatever malformed bytes do, they are refused
        raise BadDataError(f"malformed value ({type(error).__name__})") from None
    if reader.at != len(data):
        raise BadDataError("bytes are left over after the value")
    return value


class _Writer:
    def __init__(self, functions: dict[int, str] | None, exhaust: bool) -> None:
        self.parts: list[bytes] = []
        self.functions = functions
        self.exhaust = exhaust
        self.size = 0
        self.items = 0

    def put(self, *parts: bytes) -> None:
        self.parts.extend(parts)
        self.size += sum(map(len, parts))
        if self.size > BYTES:
            raise NotPlainDataError(f"the value is larger than {BYTES // 2**20} MB")

    def text(self, text: str) -> None:
        raw = text.encode("utf-8", "replace")
        self.put(struct.pack("<I", len(raw)), raw)

    def write(self, value: Any, depth: int) -> None:  # noqa: C901 -- one branch per kind
        self.items += 1
        if depth > DEPTH:
            raise NotPlainDataError(f"the value is nested deeper than {DEPTH} levels")
        if self.items > ITEMS:
            raise NotPlainDataError(f"the value has more than {ITEMS} parts")
        if value is None:
            self.put(b"N")
        elif value is Ellipsis:
            self.put(b"E")
        elif isinstance(value, bool):
            self.put(b"T" if value else b"F")
        elif isinstance(value, np.ndarray):
            self.array(value, depth=depth)
        elif isinstance(value, np.generic):
            self.scalar(value, depth)
        elif isinstance(value, int):
            self.integer(int.__index__(value))
        elif isinstance(value, float):
            self.put(b"f", struct.pack("<d", float.__float__(value)))
        elif isinstance(value, complex):
            self.put(b"c", struct.pack("<dd", value.real, value.imag))
        elif isinstance(value, str):
            self.put(b"s")
            self.text(str.__str__(value))
        elif isinstance(value, bytes | bytearray):
            self.put(b"b", struct.pack("<I", len(value)), bytes(value))
        else:
            self.container(value, depth)

    def container(self, value: Any, depth: int) -> None:
        if isinstance(value, tuple) and hasattr(value, "_fields"):
            fields = {str(name): getattr(value, name) for name in value._fields}
            self.record(b"n", type(value).__name__, fields, depth)
        elif (tag := _sequence_tag(value)) or (self.exhaust and _is_once(value)):
            # It is read here, where time is limited, and can be read once there.
            once = b"X" if isinstance(value, GeneratorType) else b"x"
            items = list(islice(value, ITEMS + 1))
            self.put(tag or once, struct.pack("<I", len(items)))
            for item in items:
                self.write(item, depth + 1)
        elif isinstance(value, dict) and "OptimizeResult" in _kinds(value):
            named = {k: v for k, v in dict.items(value) if _is_name(k)}
            self.record(b"z", "", named, depth, whole=False)
        elif isinstance(value, dict):
            self.mapping(value, depth)
        elif isinstance(value, range):
            self.put(b"R")
            for part in (value.start, value.stop, value.step):
                self.integer(part)
        elif isinstance(value, Fraction):
            self.put(b"r")
            self.integer(value.numerator)
            self.integer(value.denominator)
        elif isinstance(value, Decimal):
            self.put(b"D")
            self.text(str(value))
        elif isinstance(value, array.array | memoryview):
            self.array(np.asarray(value))
        else:
            self.object(value, depth)

    def object(self, value: Any, depth: int) -> None:
        if isinstance(value, timedelta):
            self.put(b"u")
            self.integer(value // timedelta(microseconds=1))
        elif isinstance(value, date | time):
            self.put(b"h")
            self.text(next(k for k, kind in _TIMES.items() if isinstance(value, kind)))
            self.text(value.isoformat())
        elif dataclasses.is_dataclass(value) and not isinstance(value, type):
            fields = {f.name: getattr(value, f.name) for f in dataclasses.fields(value)}
            fields = _properties(value) | fields
            self.record(RECORD, type(value).__name__, fields, depth, whole=False)
        else:
            self.special(value, depth)

    def mapping(self, value: dict[Any, Any], depth: int) -> None:
        tag, kind = next((t, k) for t, k in _MAPPINGS.items() if isinstance(value, k))
        pairs = list(kind.items(value))
        factory = value.default_factory if isinstance(value, defaultdict) else None
        known = [name for name, plain in _FACTORIES.items() if plain is factory]
        self.put(b"w" if known else tag)
        for name in known:
            self.text(name)
        self.put(struct.pack("<I", len(pairs)))
        for key, item in pairs:
            self.write(key, depth + 1)
            self.write(item, depth + 1)

    def polynomial(self, value: np.poly1d) -> None:
        if value.order >= FIELDS:
            raise NotPlainDataError(f"a polynomial has more than {FIELDS} coefficients")
        self.array(np.asarray(value.coeffs), b"P")

    def special(self, value: Any, depth: int) -> None:
        own = self.functions
        name = None if own is None else own.get(id(value))
        known = None if own is None or name is not None else _known_function(value)
        if name is not None:
            self.put(b"p")
            self.text(name)
        elif known is not None:
            self.put(b"q")
            self.text(known)
        elif type(value).__module__.partition(".")[0] == "matplotlib":
            self.put(b"m")
            self.write(pictures.describe(value), depth + 1)
        elif isinstance(value, SimpleNamespace):
            self.record(RECORD, type(value).__name__, vars(value), depth)
        elif tables.is_table(value):
            self.put(b"Y")
            self.table(value, depth)
        elif isinstance(value, np.poly1d):
            self.polynomial(value)
        elif hasattr(value, "__array__") and not isinstance(value, type):
            self.array(np.asarray(value), depth=depth)
        elif type(value).__module__ == "__main__" and (fields := _shown_fields(value)):
            self.record(RECORD, type(value).__name__, fields, depth, whole=False)
        else:
            kind = type(value).__name__
            raise NotPlainDataError(
                f"a value of type {kind} cannot be graded: return numbers, text, lists, "
                "dictionaries or arrays"
            )

    def table(self, value: Any, depth: int) -> None:
        try:
            plain = tables.describe(value)
        except tables.BadTableError as error:
            raise NotPlainDataError(str(error)) from None
        self.write(plain, depth + 1)

    def integer(self, value: int) -> None:
        if -(2**63) <= value < 2**63:
            self.put(b"i", struct.pack("<q", value))
            return
        length = value.bit_length() // 8 + 1
        if length > INT_BYTES:
            raise NotPlainDataError(f"an integer has more than {INT_BYTES * 8} bits")
        raw = value.to_bytes(length, "little", signed=True)
        self.put(b"I", struct.pack("<H", length), raw)

    def array(self, value: np.ndarray[Any, Any], tag: bytes = b"a", depth: int = 0) -> None:
        if isinstance(value, np.ma.MaskedArray):
            value = value.filled(np.nan) if value.dtype.kind in "fc" else value.filled()
        if value.dtype == object and tag == b"a":
            self.objects(value, depth)
            return
        plain = np.ascontiguousarray(value) if value.ndim else np.asarray(value)
        self.put(tag)
        self.dtype(plain.dtype)
        raw = plain.tobytes()
        self.put(struct.pack("<B", value.ndim), struct.pack(f"<{value.ndim}Q", *value.shape))
        self.put(struct.pack("<I", len(raw)), raw)

    def objects(self, value: np.ndarray[Any, Any], depth: int) -> None:
        if value.size > ITEMS:
            raise NotPlainDataError(f"the value has more than {ITEMS} parts")
        self.put(b"A")
        self.put(struct.pack("<B", value.ndim), struct.pack(f"<{value.ndim}Q", *value.shape))
        for item in value.ravel():
            self.write(item, depth + 1)

    def scalar(self, value: np.generic, depth: int) -> None:
        if isinstance(value, np.void):
            self.array(np.asarray(value))
            return
        self.put(b"g")
        self.dtype(value.dtype)
        raw = value.tobytes()
        self.put(struct.pack("<I", len(raw)), raw)

    def dtype(self, dtype: np.dtype[Any]) -> None:
        fields = dtype.descr if dtype.names else [("", dtype.str)]
        if any(len(f) != 2 or not isinstance(f[1], str) or not _plain_dtype(f[1]) for f in fields):
            raise NotPlainDataError(
                f"an array of dtype {str(dtype)[:40]} cannot be graded: use numbers or text"
            )
        self.put(b"\1" if dtype.names else b"\0", struct.pack("<B", min(len(fields), 255)))
        for field in fields:
            self.text(str(field[0]))
            self.text(str(field[1]))

    def record(
        self, tag: bytes, name: str, fields: dict[str, Any], depth: int, *, whole: bool = True
    ) -> None:
        if len(fields) > FIELDS:
            raise NotPlainDataError(f"a result has more than {FIELDS} fields")
        self.put(tag)
        self.text(name)
        place, count = len(self.parts), 0
        self.put(struct.pack("<I", 0))
        for field, item in fields.items():
            start = len(self.parts)
            try:
                self.text(field)
                self.write(item, depth + 1)
                count += 1
            except NotPlainDataError:
                if whole:
                    raise
                del self.parts[start:]  # left out: perhaps no test asks for it
        self.parts[place] = struct.pack("<I", count)


def _is_once(value: Any) -> bool:
    return isinstance(value, Iterator) and not isinstance(value, io.IOBase)


def _kinds(value: Any) -> list[str]:
    return [kind.__name__ for kind in type(value).__mro__]


def _properties(value: Any) -> dict[str, Any]:
    """Return what an object's properties and slots say, and the plain data of its class.

    One that raises is left out; so is what a class keeps of its objects.
    """
    found = {}
    for name in dir(type(value)):
        kind = getattr(type(value), name, None)
        asked = isinstance(kind, property | cached_property | MemberDescriptorType)
        if _is_name(name) and (asked or type(kind) in _PLAIN_OF_A_CLASS):
            with contextlib.suppress(Exception):
                found[name] = getattr(value, name)
    return found


_PLAIN_OF_A_CLASS = (bool, int, float, complex, str, type(None))


def _shown_fields(value: Any) -> dict[str, Any]:
    """Return what an object of a class of the notebook's own shows to others."""
    fields = getattr(value, "__dict__", {})
    return _properties(value) | {k: v for k, v in fields.items() if _is_name(k)}


def _is_name(text: Any) -> bool:
    plain = type(text) is str and text.isidentifier() and not keyword.iskeyword(text)
    return plain and not text.startswith("_")


def _sequence_tag(value: Any) -> bytes:
    for tag, (kind, _) in _SEQUENCES.items():
        if isinstance(value, kind):
            return tag
    return next((tag for tag, kind in _VIEWS.items() if isinstance(value, kind)), b"")


# In the order in which they are tried: tag, the type that is written, what it is rebuilt as.
_SEQUENCES: dict[bytes, tuple[type, Callable[[list[Any]], Any]]] = {
    b"t": (tuple, tuple),
    b"l": (list, list),
    b"S": (set, set),
    b"Z": (frozenset, frozenset),
    b"Q": (deque, deque),
}
_MAPPINGS: dict[bytes, type[dict[Any, Any]]] = {b"C": Counter, b"O": OrderedDict, b"d": dict}
_TIMES: dict[str, type[date | time]] = {"datetime": datetime, "date": date, "time": time}
# Any other factory of a defaultdict is code, which does not cross: its items arrive as a dict.
_FACTORIES: dict[str, type] = {k.__name__: k for k in (int, float, list, dict, set, str)}


def _plain_dtype(text: str) -> bool:
    return DTYPE.fullmatch(text) is not None


def _known_function(value: Any) -> str | None:
    """Name a function of numpy or math, so that a test may hand `np.sin` to an answer."""
    name = getattr(value, "__name__", None)
    if not callable(value) or not isinstance(name, str):
        return None
    for module in (math, np):
        if getattr(module, name, None) is value:
            return f"{module.__name__}.{name}"
    return None


def _unlike(keys: Iterable[Any]) -> None:
    """Refuse many keys of equal hash, which would take quadratic time."""
    alike: dict[int, int] = {}  # a Counter would look at every class of mappings there is, once
    for number in map(hash, keys):
        alike[number] = alike.get(number, 0) + 1
    if max(alike.values(), default=0) > ALIKE:
        raise BadDataError(f"more than {ALIKE} keys of one hash")


def _keyed(pairs: list[tuple[Any, Any]]) -> dict[Any, Any]:
    _unlike(key for key, _ in pairs)
    return dict(pairs)


class _Reader:
    def __init__(self, data: memoryview, resolve: Callable[[str], Any] | None) -> None:
        self.data = data
        self.at = 0
        self.items = 0
        self.keys = 0
        self.records = 0
        self.pictures = 0
        self.resolve = resolve

    def take(self, count: int) -> memoryview:
        if count < 0 or self.at + count > len(self.data):
            raise BadDataError("the value ends too early")
        part = self.data[self.at : self.at + count]
        self.at += count
        return part

    def unpack(self, form: str) -> Any:
        return struct.unpack(form, self.take(struct.calcsize(form)))

    def text(self) -> str:
        (length,) = self.unpack("<I")
        return str(self.take(length), "utf-8")

    def count(self) -> int:
        (count,) = self.unpack("<I")
        if count > ITEMS:
            raise BadDataError(f"more than {ITEMS} parts")
        return int(count)

    def read(self, depth: int) -> Any:
        self.items += 1
        if depth > DEPTH:
            raise BadDataError(f"nested deeper than {DEPTH} levels")
        if self.items > ITEMS:
            raise BadDataError(f"more than {ITEMS} parts")
        tag = bytes(self.take(1))
        read = _READ.get(tag)
        if read is None:
            raise BadDataError("an unknown kind of value")
        return read(self, depth)

    def integer(self, depth: int = 0) -> int:
        return int(self.unpack("<q")[0])

    def long_integer(self, depth: int = 0) -> int:
        (length,) = self.unpack("<H")
        if length > INT_BYTES:
            raise BadDataError("an integer is too long")
        return int.from_bytes(self.take(length), "little", signed=True)

    def sequence(self, kind: Callable[[list[Any]], Any], depth: int) -> Any:
        return kind([self.read(depth + 1) for _ in range(self.count())])

    def hashed(self) -> int:
        """Count the keys to come."""
        count = self.count()
        self.keys += count
        if self.keys > KEYS:
            raise BadDataError(f"more than {KEYS} keys")
        return count

    def collection(self, kind: Callable[[list[Any]], Any], depth: int) -> Any:
        keys = [self.read(depth + 1) for _ in range(self.hashed())]
        _unlike(keys)
        return kind(keys)

    def mapping(self, depth: int) -> dict[Any, Any]:
        return _keyed([(self.read(depth + 1), self.read(depth + 1)) for _ in range(self.hashed())])

    def default_mapping(self, depth: int) -> defaultdict[Any, Any]:
        return defaultdict(_FACTORIES[self.text()], self.mapping(depth))

    def range(self, depth: int) -> range:
        start, stop, step = (self.read(DEPTH) for _ in range(3))
        if not all(type(part) is int for part in (start, stop, step)):
            raise BadDataError("a range of something else than integers")
        whole = range(start, stop, step)
        if self.resolve is None and whole[ITEMS:]:
            raise BadDataError(f"a range of more than {ITEMS} numbers")
        return whole

    def fraction(self, depth: int) -> Fraction:
        top, bottom = self.read(DEPTH), self.read(DEPTH)
        if type(top) is not int or type(bottom) is not int:
            raise BadDataError("a fraction of something else than integers")
        return Fraction(top, bottom)

    def decimal(self, depth: int) -> Decimal:
        text = self.text()
        number = Decimal(text) if len(text) <= DIGITS else Decimal("NaN")
        if len(text) > DIGITS or (number.is_finite() and abs(number.adjusted()) > EXPONENT):
            raise BadDataError("a decimal number is too long or too large")
        return number

    def view(self, tag: bytes, depth: int) -> Any:
        if tag == b"k":
            return self.collection(dict.fromkeys, depth).keys()
        if tag == b"v":
            return dict(enumerate(self.sequence(list, depth))).values()
        return _keyed([self.read(depth + 1) for _ in range(self.hashed())]).items()

    def dtype(self) -> np.dtype[Any]:
        named, count = self.unpack("<BB")
        fields = [(self.text(), self.text()) for _ in range(count)]
        if not fields or any(not _plain_dtype(form) for _, form in fields):
            raise BadDataError("an array of something else than numbers or text")
        return np.dtype(fields) if named else np.dtype(fields[0][1])

    def array(self, depth: int = 0) -> np.ndarray[Any, Any]:
        dtype = self.dtype()
        (ndim,) = self.unpack("<B")
        if ndim > 16:
            raise BadDataError("an array of more than 16 dimensions")
        shape = self.unpack(f"<{ndim}Q")
        (length,) = self.unpack("<I")
        count = math.prod(shape)
        if count * dtype.itemsize != length:
            raise BadDataError("an array whose shape does not match its content")
        raw = self.take(length)
        if not length:
            if max(count, *shape, 0) > ITEMS:
                raise BadDataError("an empty array of endless length")
            return np.empty(shape, dtype)
        if dtype.kind == "b":  # any other byte than 0 and 1 would add up to more than it counts
            return np.not_equal(np.frombuffer(raw, np.uint8), 0).reshape(shape)
        return np.frombuffer(raw, dtype).reshape(shape).copy()

    def objects(self, depth: int) -> np.ndarray[Any, Any]:
        (ndim,) = self.unpack("<B")
        if ndim > 16:
            raise BadDataError("an array of more than 16 dimensions")
        shape = self.unpack(f"<{ndim}Q")
        if max(math.prod(shape), *shape, 0) > ITEMS:
            raise BadDataError(f"more than {ITEMS} parts")
        whole = np.empty(math.prod(shape), object)
        for place in range(len(whole)):
            whole[place] = self.read(depth + 1)
        return whole.reshape(shape)

    def moment(self, depth: int) -> date | time:
        kind: Any = _TIMES[self.text()]
        moment: date | time = kind.fromisoformat(self.text())
        return moment

    def duration(self, depth: int) -> timedelta:
        return timedelta(microseconds=self.whole_number())

    def whole_number(self) -> int:
        number = self.read(DEPTH)
        if type(number) is not int:
            raise BadDataError("something else than an integer")
        return number

    def table(self, depth: int) -> Any:
        plain = self.read(depth + 1)
        try:
            return tables.rebuild(plain)
        except tables.BadTableError as error:
            raise BadDataError(str(error)) from None

    def result(self, depth: int) -> Any:
        from scipy.optimize import OptimizeResult

        return OptimizeResult(self.fields(depth)[1])

    def polynomial(self, depth: int) -> np.poly1d:
        coefficients = self.array()
        numbers = coefficients.ndim == 1 and coefficients.dtype.kind in "biufc"
        if not numbers or len(coefficients) > FIELDS:
            raise BadDataError("a polynomial of something else than a few numbers")
        return np.poly1d(coefficients)

    def scalar(self, depth: int) -> Any:
        dtype = self.dtype()
        (length,) = self.unpack("<I")
        if length != dtype.itemsize or dtype.names:
            raise BadDataError("a numpy number of the wrong length")
        raw = self.take(length)
        return np.frombuffer(raw, dtype)[0] if length else dtype.type()

    def fields(self, depth: int) -> tuple[str, dict[str, Any]]:
        self.records += 1
        if self.records > RECORDS:
            raise BadDataError(f"more than {RECORDS} results in one")
        name = self.text()
        (count,) = self.unpack("<I")
        if count > FIELDS:
            raise BadDataError("a result with too many fields")
        fields = {}
        for _ in range(count):
            field = self.text()
            if not _is_name(field):
                raise BadDataError("a result with a field that is no plain name")
            fields[field] = self.read(depth + 1)
        if len(fields) != count:
            raise BadDataError("a result with two fields of one name")
        return name if name.isidentifier() and not keyword.iskeyword(name) else "Result", fields

    def record(self, depth: int) -> SimpleNamespace:
        return SimpleNamespace(**self.fields(depth)[1])

    def named_tuple(self, depth: int) -> Any:
        name, fields = self.fields(depth)
        return namedtuple(name, list(fields))(*fields.values())

    def picture(self, depth: int) -> Any:
        self.pictures += 1
        if self.pictures > PICTURES:
            raise BadDataError(f"more than {PICTURES} figures at once")
        return pictures.redraw(self.read(depth + 1))

    def function(self, depth: int) -> Any:
        name = self.text()
        if self.resolve is None:
            raise BadDataError("a function is no plain data")
        return self.resolve(name)

    def known_function(self, depth: int) -> Any:
        module, _, name = self.text().partition(".")
        if self.resolve is None:
            raise BadDataError("a function is no plain data")
        return getattr({"math": math, "numpy": np}[module], name)


_READ: dict[bytes, Callable[[_Reader, int], Any]] = {
    b"N": lambda r, d: None,
    b"E": lambda r, d: Ellipsis,
    b"T": lambda r, d: True,
    b"F": lambda r, d: False,
    b"i": _Reader.integer,
    b"I": _Reader.long_integer,
    b"f": lambda r, d: r.unpack("<d")[0],
    b"c": lambda r, d: complex(*r.unpack("<dd")),
    b"s": lambda r, d: r.text(),
    b"b": lambda r, d: bytes(r.take(r.unpack("<I")[0])),
    b"t": lambda r, d: r.sequence(tuple, d),
    b"l": lambda r, d: r.sequence(list, d),
    b"Q": lambda r, d: r.sequence(deque, d),
    b"x": lambda r, d: r.sequence(iter, d),
    b"X": lambda r, d: (item for item in r.sequence(list, d)),
    b"S": lambda r, d: r.collection(set, d),
    b"Z": lambda r, d: r.collection(frozenset, d),
    b"k": lambda r, d: r.view(b"k", d),
    b"v": lambda r, d: r.view(b"v", d),
    b"e": lambda r, d: r.view(b"e", d),
    b"r": _Reader.fraction,
    b"D": _Reader.decimal,
    b"d": _Reader.mapping,
    b"C": lambda r, d: Counter(r.mapping(d)),
    b"O": lambda r, d: OrderedDict(r.mapping(d)),
    b"w": _Reader.default_mapping,
    b"R": _Reader.range,
    b"a": _Reader.array,
    b"A": _Reader.objects,
    b"h": _Reader.moment,
    b"u": _Reader.duration,
    b"z": _Reader.result,
    b"P": _Reader.polynomial,
    b"g": _Reader.scalar,
    RECORD: _Reader.record,
    b"n": _Reader.named_tuple,
    b"m": _Reader.picture,
    b"Y": _Reader.table,
    b"p": _Reader.function,
    b"q": _Reader.known_function,
}
