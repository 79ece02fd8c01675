"""Ordinary idioms of public courses: graded as stock nbgrader does, outside or inside.

Each idiom is one answer with one test in a notebook of the tests' own. The key, the untouched
release and one wrong answer for each idiom are graded by the engine and as stock nbgrader would; a
test that would give other points outside must run inside by the proof of the assignment.
"""

# ruff: noqa: E501 -- answers and tests stand on few lines

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from nbformat.v4 import new_code_cell

from snrilab.grading.course import open_course
from snrilab.grading.mutations import mutations
from snrilab.grading.proof_process import prove_apart
from snrilab.grading.template import TemplateError, prepare
from tests.conftest import ROOT
from tests.grading import assignments, warm
from tests.grading.assignments import answer, notebook, setup, submit, values
from tests.grading.conftest import grade_here, nbgrader, verdicts, write_course
from tests.grading.stock_equivalent import stock_scores

if TYPE_CHECKING:
    from collections.abc import Iterator

    from snrilab.grading.proof import Proof

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]


class Case(NamedTuple):
    """A right answer, a wrong one, a test; whether the test runs outside."""

    key: str
    wrong: str
    test: str
    runs: bool


CAPTURE = "import io, contextlib\nout = io.StringIO()\nwith contextlib.redirect_stdout(out):\n    "
RAISES = "try:\n    {0}\nexcept {1}:\n    pass\nelse:\n    raise AssertionError('no error')"
CASES = {
    # What has to work.
    "number": Case("n1 = 3.5", "n1 = 3", "assert abs(n1 - 3.5) < 1e-9", True),
    "error": Case("def e1(x):\n    if x < 0:\n        raise ValueError('negative')", "def e1(x): pass", RAISES.format("e1(-1)", "ValueError"), True),
    "printed": Case("def p1(x): print(x)", "def p1(x): print(x + 1)", CAPTURE + "p1(7)\nassert out.getvalue().strip() == '7'", True),
    "silent": Case("def p2(x): return x", "def p2(x): print(x); return x", CAPTURE + "p2(7)\nassert out.getvalue() == ''", True),
    "error_stream": Case("import sys\ndef p3(x): print(x, file=sys.stderr)", "def p3(x): print(x)", CAPTURE + "p3(7)\nassert out.getvalue() == ''", True),
    "defined": Case("g1 = 1", "other = 1", "assert 'g1' in globals()", True),
    "imported": Case("import statistics", "import string", "assert statistics.mean([1, 3]) == 2", True),
    "unchanged": Case("def u1(x): return sorted(x)", "def u1(x): x.sort(); return x", "given = [2, 1]\nassert u1(given) == [1, 2] and given == [2, 1]", True),
    "type": Case("t1 = {1: 2}", "t1 = [1, 2]", "assert type(t1) is dict and isinstance(t1, dict)", True),
    "none": Case("def v1(x): return None", "def v1(x): return 0", "assert v1(1) is None", True),
    # What has no meaning outside of the student's process.
    "identity": Case("a1 = [1, 2]\nb1 = a1.copy()", "a1 = [1, 2]\nb1 = a1", "assert b1 is not a1", False),
    "same": Case("a6 = [1]\nb6 = a6", "a6 = [1]\nb6 = [1]", "assert b6 is a6", False),
    "number_of": Case("a7 = [1]\nb7 = [1]", "a7 = [1]\nb7 = a7", "assert id(a7) != id(b7)", False),
    "alias": Case("a2 = [1, 2]\nb2 = list(a2)", "a2 = [1, 2]\nb2 = a2", "a2.append(3)\nassert b2 == [1, 2]", False),
    "alias_item": Case("a3 = [1, 2]\nb3 = a3[:]", "a3 = [1, 2]\nb3 = a3", "a3[0] = 9\nassert b3 == [1, 2]", False),
    "memory": Case("a4 = np.arange(4.0)\nb4 = a4.copy()", "a4 = np.arange(4.0)\nb4 = a4[:]", "assert not np.shares_memory(a4, b4)", False),
    "base": Case("a5 = np.arange(4.0).copy()", "a5 = np.arange(8.0)[:4]", "assert a5.base is None", False),
    "rows": Case("def ra1(n): return [[0] * n for _ in range(n)]", "def ra1(n): return [[0] * n] * n", "board = ra1(3)\nboard[0][0] = 1\nassert board[1][0] == 0", False),
    "lists": Case("ra2 = {k: [] for k in 'ab'}", "ra2 = dict.fromkeys('ab', [])", "ra2['a'].append(1)\nassert ra2['b'] == []", False),
    "given_back": Case("def ra3(x): return x[:]", "def ra3(x): return x", "given = [1, 2]\nback = ra3(given)\nback.append(3)\nassert given == [1, 2]", False),
    "given_later": Case("def ra4(x): return [*x]", "def ra4(x): return x", "given = [1, 2]\nback = ra4(given)\ngiven += [3]\nassert back == [1, 2]", False),
    "view": Case("def ra5(a): return {'row': np.array(a[0])}", "def ra5(a): return {'row': a[0]}", "given = np.eye(2)\nra5(given)['row'][0] = 99\nassert given[0, 0] == 1", False),
    "calls": Case("def ra6(): return []", "ra7 = []\ndef ra6(): return ra7", "one, two = ra6(), ra6()\none.append(1)\nassert two == []", False),
    "loop": Case("ra8 = [[] for _ in range(3)]", "ra8 = [[]] * 3", "for number, part in enumerate(ra8): part.append(number)\nassert ra8 == [[0], [1], [2]]", False),
    "inplace": Case("def ra9(t): return t.copy()", "def ra9(t): return t", "given = pd.DataFrame({'a': [1, 2]})\nra9(given).drop(0, inplace=True)\nassert len(given) == 2", False),
    "denied": Case("def rb1(t): return t.assign(z=1)", "def rb1(t):\n    t['z'] = 1\n    return t", "given = pd.DataFrame({'a': [1]})\nassert 'z' in rb1(given) and 'z' not in given", False),
    "shuffled": Case("def rb2(x): return list(x)", "def rb2(x): return x", "given = [1, 2, 3]\nback = rb2(given)\nback.reverse()\nassert given != back", False),
    "kept": Case("def rb3(x, to=None): return [*(to or []), x]", "def rb3(x, to=[]):\n    to.append(x)\n    return to", "one = rb3(1)\nrb3(2)\nassert one == [1]", True),
    "own_list": Case("def rb4(x): return sum(x)", "def rb4(x): return len(x)", "given = [1]\nfor more in (2, 3):\n    given.append(more)\n    assert rb4(given) == sum(given)", True),
    "own_copy": Case("def rb5(x): return sorted(x)", "def rb5(x): return x", "back = rb5([3, 1])\nback.append(5)\nassert back == [1, 3, 5]", True),
    "length": Case("def rc1(x): return x[-1]", "def rc1(x): return x.pop()", "given = [1, 2]\nassert rc1(given) == 2 and len(given) == 2", True),
    "table_rows": Case("def rc2(t): return t[t.a > 1]", "def rc2(t):\n    t.drop(t[t.a <= 1].index, inplace=True)\n    return t", "given = pd.DataFrame({'a': [1, 2]})\nassert len(rc2(given)) == 1 and len(given) == 2", True),
    "table_names": Case("def rc3(t): return t.a.sum()", "def rc3(t):\n    t['b'] = 0\n    return t.a.sum()", "given = pd.DataFrame({'a': [1, 2]})\nassert rc3(given) == 3 and list(given.columns) == ['a']", True),
    "table_values": Case("def rc4(t): return t.a.sum()", "def rc4(t):\n    t.loc[0, 'a'] = 9\n    return 3", "given = pd.DataFrame({'a': [1, 2]})\nassert rc4(given) == 3 and list(given.columns) == ['a'] and len(given) == 2", True),
    "keys": Case("def rc5(d): return sum(d.values())", "def rc5(d): return d.setdefault('n', sum(d.values()))", "given = {'a': 1}\nassert rc5(given) == 1 and list(given) == ['a']", True),
    "keys_kept": Case("def rc6(d): return sum(d.values())", "def rc6(d):\n    d['a'] = 2\n    return 1", "given = {'a': 1}\nassert rc6(given) == 1 and list(given) == ['a']", True),
    "kept_length": Case("def rc7(x, to=None): return [*(to or []), x]", "def rc7(x, to=[]):\n    to.append(x)\n    return to", "one = rc7(1)\nrc7(2)\nassert len(one) == 1", True),
    "kept_object": Case("class RC8:\n    def __init__(self, n): self.n = n\ndef rc8(n): return RC8(n)", "class RC8: pass\nrc8_only = RC8()\ndef rc8(n):\n    rc8_only.n = n\n    return rc8_only", "one, two = rc8(1), rc8(2)\nassert (one.n, two.n) == (1, 2)", True),
    "class_data": Case("class RC9:\n    def __init__(self, n): self.n = n\nrc9 = RC9(4)", "class RC9: n = 4\nrc9 = RC9()", "assert rc9.n == 4", True),
    "slots": Case("class RD1:\n    def __init__(self, n): self.n = n\nrd1 = RD1(4)", "class RD1: __slots__ = ('n',)\nrd1 = RD1()\nrd1.n = 4", "assert rd1.n == 4", True),
    "kind_of_error": Case("def rd2(): raise ValueError('x')", "class RD2(ValueError): pass\ndef rd2(): raise RD2('x')", "try:\n    rd2()\nexcept ValueError as error:\n    assert type(error) is ValueError\nelse:\n    raise AssertionError", True),
    "zone": Case("rd3 = pd.DataFrame({'day': pd.to_datetime(['2024-01-02'])})", "rd3 = pd.DataFrame({'day': pd.to_datetime(['2024-01-02'], utc=True)})", "assert rd3.day.dt.day[0] == 2", True),
    "own_type_error": Case("def o1(x):\n    if not isinstance(x, int):\n        raise TypeError('no number')", "def o1(x): pass", RAISES.format("o1(object())", "TypeError"), False),
    "own_any_error": Case("def o2(x):\n    if not isinstance(x, int):\n        raise TypeError('no number')", "def o2(x): pass", RAISES.format("o2(object())", "Exception"), False),
    "attribute": Case("class S1:\n    def __init__(self): self.items = []", "class S1:\n    items = []\n    def peek(self): pass", "assert not hasattr(S1(), 'peek')", False),
    "default_attribute": Case("class S2:\n    n = 1", "class S2:\n    n = 1\n    peek = 1", "assert getattr(S2(), 'peek', None) is None", False),
    "methods": Case("class S3:\n    def up(self, x): return x + 1", "class S3:\n    def up(self, x): return x", "assert S3().up(1) == 2", False),
    "instance": Case("class S4: pass\ns4 = S4()", "class S4: pass\ns4 = 1", "assert isinstance(s4, S4)", False),
    "operator": Case("class S5:\n    def __init__(self, n): self.n = n\n    def __add__(self, o): return S5(self.n + o.n)", "class S5:\n    def __init__(self, n): self.n = n\n    def __add__(self, o): return S5(0)", "assert (S5(1) + S5(2)).n == 3", False),
    "no_file": Case("f1 = 1", "f1 = 1\nopen('junk1.txt', 'w').close()", "import os\nassert not os.path.exists('junk1.txt')", False),
    "no_path": Case("f2 = 1", "f2 = 1\nopen('junk2.txt', 'w').close()", "from pathlib import Path\nassert not Path('junk2.txt').is_file()", False),
    "a_file": Case("with open('out.txt', 'w') as file: file.write('1')", "file = 1", "assert open('out.txt').read() == '1'", False),
    "own_function": Case("def at(rule, x): return rule(x)", "def at(rule, x): return x", "assert at(lambda x: x**2, 3) == 9", False),
    "removed": Case("def sq(x): return x * x\ndef su(n): return sum(sq(i) for i in range(n + 1))", "def sq(x): return x * x\ndef su(n): return sum(i * i for i in range(n + 1))", "kept = sq\ndel sq\n" + RAISES.format("su(2)", "NameError") + "\nsq = kept", False),
    "replaced": Case("def h1(x): return x\ndef h2(x): return h1(x) + 1", "def h1(x): return x\ndef h2(x): return x + 1", "keep = h1\nh1 = lambda x: 100\nassert h2(1) == 101\nh1 = keep", False),
    "seeded": Case("def r1(): return random.random()", "def r1(): return 0.5", "random.seed(1)\nassert r1() == 0.13436424411240122", False),
    "patched": Case("def i1(): return int(input()) + 1", "def i1(): return 1", "import builtins\nold = builtins.input\nbuiltins.input = lambda *a: '4'\nassert i1() == 5\nbuiltins.input = old", False),
    "mocked": Case("def i2(): return input()", "def i2(): return ''", "from unittest.mock import patch\nwith patch('builtins.input', return_value='4'):\n    assert i2() == '4'", False),
    "text_of": Case("def c1(x): return x + 1", "def c1(x):\n    for _ in range(1): x += 1\n    return x", "import inspect\nassert 'for' not in inspect.getsource(c1)", False),
    "documented": Case("def d1(x):\n    'Return x.'\n    return x", "def d1(x): return x", "assert d1.__doc__", False),
    "defaults": Case("def d2(x, n=2): return x", "def d2(x, n=3): return x", "assert d2.__defaults__ == (2,)", False),
    "in_place": Case("def l1(x): x.sort()", "def l1(x): pass", "given = [2, 1]\nl1(given)\nassert given == [1, 2]", False),
    "returned_function": Case("def adder(n): return lambda x: x + n", "def adder(n): return lambda x: x - n", "assert adder(1)(2) == 3", False),
    "own_error": Case("class Mine(Exception): pass\ndef m1(): raise Mine('x')", "class Mine(Exception): pass\ndef m1(): raise KeyError('x')", RAISES.format("m1()", "Mine"), False),
    "figure": Case("def j1(): plt.title('mine')", "def j1(): plt.title('other')", "j1()\nassert plt.gca().get_title() == 'mine'", False),
    "no_figure": Case("q1 = 1", "q1 = 1\nplt.figure()", "before = len(plt.get_fignums())\nassert before <= 1", False),
    "modules": Case("w1 = 1", "import wave\nw1 = 1", "import sys\nassert 'wave' not in sys.modules", False),
    "surroundings": Case("k1 = 1", "import os\nos.environ['K1'] = '2'\nk1 = 1", "import os\nassert 'K1' not in os.environ", False),
    "cached": Case("import functools\n@functools.lru_cache\ndef z1(x): return x", "def z1(x): return x", "z1(1); z1(1)\nassert z1.cache_info().hits == 1", False),
    "long": Case("y1 = list(range(300000))", "y1 = [1]", "assert len(y1) == 300000", False),
    "own_equal": Case("class B1:\n    def __init__(self, n): self.n = n\n    def __eq__(self, o): return self.n == o.n", "class B1:\n    def __init__(self, n): self.n = n", "assert B1(1) == B1(1)", False),
    "own_truth": Case("class B2:\n    def __init__(self, n): self.n = n\n    def __bool__(self): return self.n > 0", "class B2:\n    def __init__(self, n): self.n = n\n    def __bool__(self): return False", "yb2 = B2(1)\nassert yb2", False),
    "own_data": Case("class B3:\n    def __init__(self, n): self.n = n", "class B3:\n    def __init__(self, n): self.n = 0", "yb3 = B3(4)\nassert yb3.n == 4", True),
    "no_import": Case("yb4 = 1", "import wave as yb5\nyb4 = 1", "assert 'yb5' not in globals()", False),
    "strict_arithmetic": Case("def yb6(x): return x / np.float64(2)", "def yb6(x): return np.float64(x) / 0", "with np.errstate(all='raise'):\n    assert yb6(1.0) > 0", False),
    "timed": Case("def yb7(x): return x", "def yb7(x): return x + 1", "import time\nstart = time.perf_counter()\nyb7(1)\nassert time.perf_counter() - start < 60", False),
    "listed": Case("yb8 = 1", "yb8 = 1\nopen('junk3.txt', 'w').close()", "import subprocess\nassert b'junk3' not in subprocess.run(['ls'], capture_output=True).stdout", False),
    "cause": Case("def yb9():\n    raise ValueError('x') from KeyError('y')", "def yb9():\n    raise ValueError('x')", "try:\n    yb9()\nexcept ValueError as error:\n    assert error.__cause__ is not None", False),
    "set_like": Case("x1 = 0 is 0", "x1 = None", "assert x1 is True", True),
    # Seen in public courses, each as a whole.
    "course_objects": Case("class P:\n    def __init__(s,x): s.x=x\n    def __add__(s,o): return P(s.x+o.x)\n    def __repr__(s): return f'P({s.x})'", "class P:\n    def __init__(s,x): s.x=x\n    def __add__(s,o): return P(s.x)\n    def __repr__(s): return f'P({s.x})'", "assert repr(P(1)+P(2))=='P(3)'\nassert isinstance(P(1), P)\nassert (P(3)+P(4)).x==7", False),
    "course_pandas": Case("def clean(df):\n    df = df.dropna().copy()\n    df['z'] = df.a * 2\n    return df\nd = pd.DataFrame({'a':[1,None,3]})", "def clean(df):\n    df = df.copy()\n    df['z'] = df.a * 2\n    return df\nd = pd.DataFrame({'a':[1,None,3]})", "out = clean(d)\nassert list(out.columns)==['a','z']\nassert out.groupby('a').z.sum().loc[3]==6\nassert out.shape==(2,2)\npd.testing.assert_frame_equal(clean(pd.DataFrame({'a':[np.nan,2.]})), pd.DataFrame({'a':[2.],'z':[4.]},index=[1]))", True),
    "course_pil": Case("def flip(im): return im.transpose(Image.Transpose.FLIP_LEFT_RIGHT)\nim = Image.new('RGB',(4,2),'red')", "def flip(im): return im\nim = Image.new('RGB',(4,2),'blue')", "assert flip(im).size==(4,2)\nassert im.getpixel((0,0))==(255,0,0)", False),
    "course_writefile": Case("%%writefile mymod.py\ndef twice(x): return 2*x", "%%writefile mymod.py\ndef twice(x): return x", "import mymod\nassert mymod.twice(3)==6", False),
    "course_captured": Case("def hello(n): print('hi', n)", "def hello(n): print('ho', n)", "import io, sys\nold=sys.stdout\nsys.stdout=io.StringIO()\nhello(3)\ns=sys.stdout.getvalue()\nsys.stdout=old\nassert s.strip()=='hi 3'", False),
    "course_capmagic": Case("def hello2(n): print('hi', n)", "def hello2(n): print('ho', n)", "from IPython.utils.capture import capture_output\nwith capture_output() as cap:\n    hello2(3)\nassert cap.stdout=='hi 3\\n'", False),
    "course_shellmagic": Case("z = !echo hello", "z = !echo bye", "assert z[0]=='hello'", True),
    "course_input2": Case("def ask2(): return int(input('n? '))+1", "def ask2(): return 5", "input = lambda *a: '9'\nassert ask2()==10\ndel input", False),
    "course_decorator": Case("import functools\ndef twice(f):\n    @functools.wraps(f)\n    def g(*a): return f(f(*a))\n    return g", "def twice(f):\n    def g(*a): return f(*a)\n    return g", "@twice\ndef inc(x):\n    'doc'\n    return x+1\nassert inc(1)==3\nassert inc.__name__=='inc'", False),
    "course_generator": Case("def gen(n):\n    for i in range(n): yield i*i", "def gen(n): return [i*i for i in range(n)]", "import types\ng=gen(3)\nassert isinstance(g, types.GeneratorType)\nassert next(g)==0 and next(g)==1", True),
    "course_infgen": Case("def nat():\n    i=0\n    while True:\n        yield i\n        i+=1", "def nat():\n    i=1\n    while True:\n        yield i\n        i+=1", "from itertools import islice\nassert list(islice(nat(),3))==[0,1,2]", False),
    "course_enum": Case("from enum import Enum\nclass Col(Enum):\n    RED=1\n    BLUE=2", "from enum import Enum\nclass Col(Enum):\n    RED=1\n    BLUE=3", "assert Col.RED.value==1 and Col(2) is Col.BLUE\nassert Col['RED'].name=='RED'", False),
    "course_star": Case("def area(r): return pi*r**2", "def area(r): return 3*r**2", "from math import *\nassert isclose(area(2), pi*4)", True),
    "course_async": Case("async def later(x):\n    await asyncio.sleep(0.01)\n    return x*2", "async def later(x):\n    await asyncio.sleep(0.01)\n    return x", "r = await later(4)\nassert r==8\nassert await asyncio.gather(later(1),later(2))==[2,4]", False),
    "course_doctest": Case("def dbl(x):\n    '''\n    >>> dbl(2)\n    4\n    '''\n    return 2*x", "def dbl(x):\n    '''\n    >>> dbl(2)\n    4\n    '''\n    return x", "res=doctest.testmod()\nassert res.failed==0 and res.attempted>=1", False),
    "course_unittest": Case("def add(a,b): return a+b", "def add(a,b): return a", "class TestAdd(unittest.TestCase):\n    def test_a(self): self.assertEqual(add(1,2),3)\nfrom io import StringIO as Sio\nres=unittest.TextTestRunner(stream=Sio()).run(unittest.defaultTestLoader.loadTestsFromTestCase(TestAdd))\nassert res.wasSuccessful()", True),
    "course_unittest2": Case("def add2(a,b): return a+b", "def add2(a,b): return a", "tc=unittest.TestCase()\ntc.assertEqual(add2(1,2),3)\ntc.assertRaises(TypeError, add2, 'a', 1)\nwith tc.assertRaises(TypeError): add2([],1)", True),
    "course_timeit": Case("def fast(n): return n*(n+1)//2", "def fast(n): return 0", "t = %timeit -o -q -n 10 -r 2 fast(1000)\nassert t.best < 1\nassert fast(4)==10", False),
    "course_nested": Case("def apply_all(fs, x): return [f(x) for f in fs]", "def apply_all(fs, x): return [x for f in fs]", "class K:\n    def __call__(self, x): return x+1\n    class In:\n        def m(self, x): return x*3\ndef mk(n):\n    def inner(x): return x+n\n    return inner\nassert apply_all([K(), mk(5), K.In().m], 1)==[2,6,3]", False),
    "course_earlier": Case("def g9(h, x): return h(x)", "def g9(h, x): return x", "assert g9(mk, 1) is not None\nassert callable(g9(mk, 1))", False),
    "course_classattr": Case("class Stack:\n    def __init__(self): self._i=[]\n    def push(self,x): self._i.append(x)\n    def pop(self):\n        if not self._i: raise IndexError('empty')\n        return self._i.pop()\n    def __len__(self): return len(self._i)", "class Stack:\n    def __init__(self): self._i=[]\n    def push(self,x): self._i.insert(0,x)\n    def pop(self): return self._i.pop()\n    def __len__(self): return len(self._i)", "s=Stack()\ns.push(1); s.push(2)\nassert len(s)==2\nassert s.pop()==2\ns.push(5)\nassert s.pop()==5", False),
    "course_uses_prev": Case("def n10(s): return len(s)", "def n10(s): return 0", "assert n10(s)==1\ns.push(9)\nassert n10(s)==2", False),
    "course_warnings": Case("def wr(): warnings.warn('old', DeprecationWarning); return 1", "def wr(): return 1", "with warnings.catch_warnings(record=True) as w:\n    warnings.simplefilter('always')\n    wr()\n    assert len(w)==1 and issubclass(w[-1].category, DeprecationWarning)", True),
    "course_logging": Case("def lg(): logging.getLogger('x').warning('hey')", "def lg(): pass", "import unittest\ntc=unittest.TestCase()\nwith tc.assertLogs('x'):\n    lg()", False),
    "course_ctx": Case("from contextlib import contextmanager\nlog=[]\n@contextmanager\ndef tag(n):\n    log.append('<'+n)\n    yield\n    log.append('>'+n)", "from contextlib import contextmanager\nlog=[]\n@contextmanager\ndef tag(n):\n    log.append('<'+n)\n    yield", "with tag('a'):\n    log.append('x')\nassert log==['<a','x','>a']", False),
    "course_annot": Case("def an(x: int) -> str: return str(x)", "def an(x): return str(x)", "assert an.__annotations__=={'x':int,'return':str}", False),
    "course_ast": Case("def comp(n): return [i for i in range(n)]", "def comp(n): return list(range(n))", "assert any(isinstance(n, ast.ListComp) for n in ast.walk(ast.parse(inspect.getsource(comp))))", False),
    "course_In": Case("qq = 1  # marker", "qq = 1", "assert any('# marker' in c for c in In)", False),
    "course_sqlite": Case("con=sqlite3.connect(':memory:')\ncon.execute('create table t(a)')\ncon.execute('insert into t values (3)')", "con=sqlite3.connect(':memory:')\ncon.execute('create table t(a)')", "assert con.execute('select a from t').fetchall()==[(3,)]", False),
    "course_re": Case("import re as rx\npat=rx.compile(r'\\d+')", "import re as rx\npat=rx.compile(r'\\d')", "assert pat.findall('12 3')==['12','3']", False),
    "course_mp": Case("from collections import namedtuple, defaultdict, Counter\nPt=namedtuple('Pt','x y')\ndf2=defaultdict(list)", "from collections import namedtuple\nPt=namedtuple('Pt','x z')\ndf2={}", "assert Pt(1,2).x==1 and Pt._fields==('x','y')\nassert df2['k']==[]", False),
    "course_pickle": Case("pickle.dump({'a':1}, open('p.pkl','wb'))", "open('p.pkl','wb').write(b'x')", "assert pickle.load(open('p.pkl','rb'))=={'a':1}", False),
    "course_subproc": Case("open('prog.py','w').write('print(6*7)')", "open('prog.py','w').write('print(6*8)')", "assert subprocess.run([sys.executable,'prog.py'],capture_output=True,text=True).stdout.strip()=='42'", False),
    "course_threads": Case("def par(n):\n    r=[]\n    ts=[threading.Thread(target=lambda i=i: r.append(i)) for i in range(n)]\n    [t.start() for t in ts]; [t.join() for t in ts]\n    return sorted(r)", "def par(n): return [0]", "ev=threading.Event()\nassert par(3)==[0,1,2]", True),
    "course_display": Case("from IPython.display import HTML\nhh=HTML('<b>x</b>')", "hh='x'", "from IPython.display import HTML\nassert isinstance(hh, HTML) and 'x' in hh.data", False),
    "course_recursionlimit": Case("def deep(n): return 0 if n==0 else 1+deep(n-1)", "def deep(n): return n+1", "import sys\nsys.setrecursionlimit(5000)\nassert deep(3000)==3000", False),
    "course_scipy": Case("dist=stats.norm(1,2)\nmat=sparse.eye(3).tocsr()", "dist=stats.norm(0,2)\nmat=np.eye(3)", "assert dist.mean()==1\nassert sparse.issparse(mat)", False),
    "course_dtclass": Case("when=datetime(2024,1,2)\ngap=timedelta(days=2)", "when='2024'\ngap=2", "assert (when+gap).day==4", True),
    "course_fraction": Case("fr=Fraction(1,3)\nde=Decimal('0.1')", "fr=1/3\nde=.1", "assert fr*3==1 and isinstance(fr,Fraction)\nassert de+de+de==Decimal('0.3')", True),
    "course_no_column": Case("fr1 = pd.DataFrame({'sex': [1]})", "fr1 = pd.DataFrame({'age': [1]})", "assert 'age' not in fr1\nassert 'sex' in fr1", True),
    "course_printing": Case("np.set_printoptions(precision=2)", "yc1 = 1", "assert np.get_printoptions()['precision'] == 2", False),
    "course_set": Case("who = contextvars.ContextVar('who', default='a')\nwho.set('b')", "who = 1", "who.set('c')\nawait asyncio.sleep(0)\nassert who.get() == 'c'", False),
    "course_set_later": Case("yc2 = 1", "yc2 = who = 1", "assert who.get() == 'b'", False),
}  # fmt: skip


class Step(NamedTuple):
    """A test, with the answer before it and the answer after it: who binds and reads a name when."""

    before: str
    test: str
    after: str
    then: str  # tested last
    runs: bool
    wrong: str = ""  # in place of the answer after it
    hidden: str = ""


# A test gives a name of the answers a value of its own. Harmless, unless an answer looks it up.
STEPS = {
    # Only a later answer binds the name too.
    "value": Step("def ra(v): return 2 * v", "xa = np.arange(3)\nassert sum(ra(xa)) == 6", "xa = 5\nya = xa + 1", "assert (xa, ya) == (5, 6)", True, "xa = 5\nya = xa"),
    "loop": Step("def rb(v): return 2 * v", "for ib in range(3):\n    assert rb(ib) == 2 * ib", "for ib in [4]: yb = ib", "assert ib == 4 and yb == 4", True, "ib = 3; yb = 4"),
    "tuple": Step("def rc(v): return v", "ic, jc = 3, 4\nic += jc\nassert rc(ic) == 7", "ic = jc = 1", "assert ic + jc == 2", True, "ic = 1"),
    "sum": Step("def rd(v): return v", "td = 0\nfor k in range(3):\n    td += rd(k)\nassert td == 3", "td = rd(9)", "assert td == 9", True, "td = rd(3)"),
    "helper": Step("def re(v): return v + 1", "def he(v): return v + 1\nassert re(4) == he(4)", "def he(v): return v", "assert he(4) == 4", True, "def he(v): return v + 1"),
    "inside": Step("xf = 3\ndef rf(v): return v", "def check():\n    xf = 7\n    return rf(xf) == 7\nassert check()", "yf = 1", "assert xf == 3", True),
    "sorted": Step("def rg(v): return min(v)", "lg = [3, 1]\nlg.sort()\nassert rg(lg) == 1", "lg = [5]\nmg = rg(lg)", "assert mg == 5 and lg == [5]", True, "lg = [5]\nmg = 1"),
    "deleted": Step("def rh(v): return v", "wh = 2\nassert rh(wh) == 2\ndel wh", "wh = 8", "assert wh == 8", True, "wh = 2"),
    "caught": Step("def ri(): raise KeyError('x')", "try:\n    ri()\nexcept KeyError as ei:\n    assert 'x' in str(ei)\nelse:\n    raise AssertionError", "ei = 3", "assert ei == 3", True, "ei = 4"),
    # An earlier answer binds it, and no answer looks it up again.
    "rounded": Step("aj = 3.14159", "aj = round(aj, 2)\nassert aj == 3.14", "bj = 1", "assert aj == 3.14", True),
    "own_use": Step("xk = 4\ndef rk(v): return v * v", "xk = 3\nassert rk(xk) == 9", "yk = 2", "assert xk == 3 and rk(2) == 4", True),
    "again": Step("xl = 4\ndef rl(v): return v", "xl = 3\nassert rl(xl) == 3", "xl = 6\nzl = rl(xl)", "assert zl == xl == 6", True, "xl = 6\nzl = rl(3)"),
    # A later answer reads what the visible text of the test says.
    "handed_on": Step("xm = 4", "assert xm == 4\nxm = 30", "ym = xm + 1", "assert ym == 31", True, "ym = 5"),
    # Here the answers would notice, and cannot.
    "looked_up": Step("xn = 4\ndef rn(v): return v * xn", "xn = 3\nassert rn(2) in (6, 8)", "yn = 1", "assert yn == 1", False),
    "in_a_loop": Step("io = 4\ndef ro(v): return v * io", "for io in (1, 2):\n    assert ro(2) in (2, 4, 8)", "yo = 1", "assert yo == 1", False),
    "counted": Step("def rp(v): return v", "calls = []\ndef counting(f):\n    return lambda v: calls.append(v) or f(v)\nrp = counting(rp)\nassert rp(2) == 2 and len(calls) == 1", "yp = 1", "assert yp == 1", False),
    "defined_anew": Step("def rq(v): return v\ndef sq2(v): return rq(v)", "def rq(v): return 5\nassert sq2(5) == 5", "yq = 1", "assert yq == 1", False),
    "taken_away": Step("xr = 4\ndef rr(): return 'xr' in globals()", "del xr\nassert rr() in (True, False)", "yr = 1", "assert yr == 1", False),
    "added_to": Step("ls = [1]\nms = ls", "ls += [2]\nassert len(ms) < 3", "ys = 1", "assert ys == 1", False),
    "secretly": Step("xt = 4", "assert xt == 4", "yt = xt > 0", "assert yt", False, hidden="xt = 30"),
    "module": Step("def ru(v): return v", "import colorsys\ncolorsys.ONE_THIRD = 3\nassert ru(1) == 1", "yu = 1", "assert yu == 1", False),
    "global": Step("xv = 4\ndef rv(): return 1", "def change():\n    global xv\n    xv = 3\nchange()\nassert rv() == 1", "yv = 1", "assert yv == 1", False),
}  # fmt: skip


MORE = """import ast, asyncio, contextvars, doctest, inspect, logging, pickle, re, sqlite3, subprocess, sys
import threading, unittest, warnings
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from math import *
import pandas as pd
from PIL import Image
from scipy import sparse, stats"""


def solution(name: str, key: str) -> Any:
    """An answer; a cell magic has to stand in the first line, and then all of the cell is one."""
    if key.startswith("%%"):
        return assignments.mark(new_code_cell(key), name, solution=True)
    return values(name, key)


def course() -> str:
    """One answer and one test for each idiom."""
    cells = [
        setup("imports", "import random\nimport numpy as np\nfrom matplotlib import pyplot as plt"),
        setup("more", MORE),
    ]
    one = {
        name: [solution(name, case.key), assignments.test(f"test-{name}", 1, case.test)]
        for name, case in CASES.items()
    }
    # Magics may look at any name: they come when all names have been used.
    first = [name for name in CASES if not name.startswith("course_")]
    cells += [cell for name in first for cell in one.pop(name)]
    for name, step in STEPS.items():
        cells += [
            values(f"before-{name}", step.before),
            assignments.test(f"rebinds-{name}", 1, step.test, step.hidden),
            values(f"after-{name}", step.after),
            assignments.test(f"then-{name}", 1, step.then),
        ]
    cells += [cell for pair in one.values() for cell in pair]
    return notebook(*cells)


def answers(*, wrong: bool = False) -> dict[str, str]:
    """Return the text of every answer cell."""
    found = {name: case.wrong if wrong else case.key for name, case in CASES.items()}
    for name, step in STEPS.items():
        found[f"before-{name}"] = step.before
        found[f"after-{name}"] = (wrong and step.wrong) or step.after
    return found


INSIDE = {f"test-{name}" for name, case in CASES.items() if not case.runs}
INSIDE |= {f"rebinds-{name}" for name, step in STEPS.items() if not step.runs}


@pytest.fixture(autouse=True, scope="module")
def engine_is_ready() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        if sys.platform == "linux":
            command = (*warm.worker(), warm.PROVES)
            patch.setattr("snrilab.grading.proof_process.COMMAND", command)
        yield


@pytest.fixture(scope="module")
def source() -> str:
    return course()


@pytest.fixture(scope="module")
def proof(jail: None, engine_is_ready: None, source: str) -> Proof:
    [found] = prove_apart([prepare(source, "a", "a", {})], 0)
    return found


@pytest.mark.filterwarnings("ignore")
def test_no_idiom_gives_other_points_silently(
    proof: Proof, tmp_path: Path, source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By what the text and the key show alone: that is all there is when nobody ran a check.

    A worker would prove the same once more, with no wrong answers; it is noted here.
    """
    works = {"key": submit(source, **answers()), "none": submit(source)}
    works["wrong"] = submit(source, **answers(wrong=True))
    root = write_course(tmp_path, {"a": source}, {who: {"a": work} for who, work in works.items()})
    taught = open_course(root)
    taught.note_proof(*taught.templates("a"), proof)
    outcome = grade_here(root, "a", diagnose=False)
    assert outcome.failed == {}
    different, inside = [], set()
    for heavy in ("pandas", "scipy.stats", "scipy.sparse", "PIL.Image"):
        importlib.import_module(heavy)  # no cell of the stand-in for stock has the time
    for graded in outcome.graded:
        (tmp_path / "stock" / graded.student).mkdir(parents=True)
        monkeypatch.chdir(tmp_path / "stock" / graded.student)  # some answers write files
        expected = stock_scores(source, works[graded.student])
        for test, (score, reason) in verdicts(graded).items():
            if score != expected[test][0] and not expected[test][1]:  # a word on stderr
                different.append((graded.student, test, score, reason))
        [result] = graded.notebooks.values()
        inside |= {v["grade_id"] for v in result["verdicts"] if v.get("inside")}
    assert different == []
    assert inside == INSIDE
    [wrong] = [verdicts(graded) for graded in outcome.graded if graded.student == "wrong"]
    lost = {test for test, (score, _) in wrong.items() if score == 0}
    assert {f"then-{name}" for name, step in STEPS.items() if step.wrong} <= lost


def test_each_test_inside_says_why_and_how_else(proof: Proof) -> None:
    assert proof.refused == {}
    assert set(proof.inside) == INSIDE
    for test, why in proof.inside.items():
        assert len(why) > 60, (test, why)
        assert "process" in why or ";" in why, (test, why)
    assert proof.wrong_key == {}
    assert proof.for_nothing.keys() <= INSIDE, "tests of what is not there, as in stock"
    assert proof.key_points == proof.points == len(CASES) + 2 * len(STEPS)


def test_the_differential_itself_finds_lost_meaning(jail: None) -> None:
    """A case that no rule about texts knows: a change that only derived wrong answers show."""
    text = notebook(
        values("both", "first = [1]\nsecond = first.copy()"),
        assignments.test("kept", 1, "assert second == [1]"),
        assignments.test("lost", 1, "def grow(x): x += [2]\ngrow(first)\nassert second == [1]"),
        answer(
            "add",
            "def add(x, to=None):",
            "    if to is None:\n        to = []\n    to.append(x)\n    return to",
        ),
        assignments.test("once", 1, "assert add(1) == [1]"),
        values("last", "last = 3"),
        assignments.test("twice", 1, "assert add(last) == [3]"),
    )
    template = prepare(text, "a", "a", {})
    changes = [m.change for m in mutations(template)]
    assert {"`first.copy()` becomes `first`", "`to=None` becomes `to=[]`"} <= set(changes)
    [found] = prove_apart([template], 3)
    assert sorted(found.inside) == ["lost", "twice"]
    assert "part of its meaning is lost" in found.inside["lost"]
    assert found.survivors == []


PACKAGES = {
    "sympy": {
        "expression": Case("x = sp.symbols('x')\ne = (x + 1) ** 2", "x = sp.symbols('x')\ne = (x + 2) ** 2", "assert sp.expand(e) == x**2 + 2 * x + 1\nassert e.subs(x, 2) == 9", False),
        "slope": Case("def slope(f, x): return sp.diff(f, x)", "def slope(f, x): return f", "assert slope(sp.sin(x), x) == sp.cos(x)", False),
        "number": Case("half = float(sp.Rational(1, 2))", "half = 1", "assert half == 0.5", True),
    },
    "sklearn": {
        "line": Case("X = np.arange(4.0).reshape(-1, 1)\nline = LinearRegression().fit(X, 2 * X[:, 0])", "line = X = 2", "assert abs(line.coef_[0] - 2) < 1e-9\nassert abs(line.predict([[10.0]])[0] - 20) < 1e-9", False),
        "fitted": Case("def fitted(X, y): return make_pipeline(StandardScaler(), LinearRegression()).fit(X, y)", "def fitted(X, y): return LinearRegression()", "model = fitted([[0], [1], [2]], [1, 3, 5])\nassert model.steps[0][0] == 'standardscaler' and model.score([[3]], [7]) != 1\nassert abs(model.predict([[3]])[0] - 7) < 1e-9", False),
        "share": Case("def share(y, z): return float(accuracy_score(y, z))", "def share(y, z): return 1.0", "assert share([1, 0, 1, 1], [1, 1, 1, 1]) == 0.75", True),
    },
}  # fmt: skip
IMPORTS = {
    "sympy": "import sympy as sp",
    "sklearn": "import numpy as np\nfrom sklearn.linear_model import LinearRegression\nfrom sklearn.metrics import accuracy_score\nfrom sklearn.pipeline import make_pipeline\nfrom sklearn.preprocessing import StandardScaler",
}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("package", PACKAGES)
def test_objects_of_other_packages(jail: None, tmp_path: Path, package: str) -> None:
    pytest.importorskip(package, reason=f"{package} is not in the environment of the tests")
    cases = PACKAGES[package]
    cells = [setup("imports", IMPORTS[package])]
    for name, case in cases.items():
        cells += [values(name, case.key), assignments.test(f"test-{name}", 1, case.test)]
    text = notebook(*cells)
    works = {"key": submit(text, **{n: c.key for n, c in cases.items()}), "none": submit(text)}
    works["wrong"] = submit(text, **{n: c.wrong for n, c in cases.items()})
    root = write_course(tmp_path, {"a": text}, {who: {"a": work} for who, work in works.items()})
    outcome = grade_here(root, "a", diagnose=False)
    exec(IMPORTS[package], {})  # no cell of the stand-in for stock has the time
    for graded in outcome.graded:
        expected = {t: score for t, (score, _) in stock_scores(text, works[graded.student]).items()}
        assert {t: score for t, (score, _) in verdicts(graded).items()} == expected, graded.student
        [result] = graded.notebooks.values()
        inside = {v["grade_id"]: v.get("inside", False) for v in result["verdicts"]}
        assert inside == {f"test-{n}": not c.runs for n, c in cases.items()}


def test_names_of_visible_tests_and_helpers_beside_the_notebook_are_known(
    jail: None, tmp_path: Path
) -> None:
    text = notebook(
        values("one", "one = 1"),
        assignments.test("first", 1, "import fractions\nhelper = lambda x: 2 * x\nassert one == 1", "hidden = 5"),
        answer("half", "def half(x):", "    return helper(fractions.Fraction(x, 4))"),
        assignments.test("second", 1, "assert half(1) * 2 == 1"),
        values("own", "peeked = 'hidden' in globals()"),
        assignments.test("third", 1, "assert peeked in (True, False)", "assert not peeked"),
        values("near", "from tests import close\nnear = close(1, 1)"),
        assignments.test("fourth", 1, "from tests import close\nassert near and close(half(1), 0.5)"),
    )  # fmt: skip
    key = {"one": "one = 1", "own": "peeked = 'hidden' in globals()"}
    key["near"] = "from tests import close\nnear = close(1, 1)"
    right = "def half(x):\n    return helper(fractions.Fraction(x, 4))"
    work = submit(text, half=right, **key)
    root = write_course(tmp_path, {"a": text}, {"ann": {"a": work}})
    # A module of this name is in the environment too.
    (root / "source/a/tests.py").write_text("def close(a, b):\n    return abs(a - b) < 1e-9\n")
    [graded] = grade_here(root, "a").graded
    assert verdicts(graded) == dict.fromkeys(("first", "second", "third", "fourth"), (1.0, ""))


AUTOTESTS = """python3:
  setup: "from hashlib import sha1"
  hash: 'sha1({{snippet}}.encode("utf-8")+b"{{salt}}").hexdigest()'
  dispatch: "type({{snippet}})"
  normalize: "str({{snippet}})"
  check: 'assert {{snippet}} == "{{value}}", "{{message}}"'
  templates:
    default:
      - test: "{{snippet}}"
        fail: "{{snippet}} has another value"
"""


def test_autotests_are_made_and_bad_ones_refused(jail: None, tmp_path: Path) -> None:
    text = notebook(
        values("x", "x = 3.25\ny = [1]"),
        assignments.test("auto", 2, "### AUTOTEST x\n### HASHED AUTOTEST y"),
    )
    with pytest.raises(TemplateError, match=r"a: cell auto asks for AUTOTEST .* autotests\.yml"):
        prepare(text, "a", "a", {}, folder=tmp_path)
    (tmp_path / "autotests.yml").write_text(AUTOTESTS)
    made = prepare(text, "a", "a", {}, folder=tmp_path)
    shown = made.cells[1].release
    assert 'assert str(x) == "3.25", "x has another value"' in shown
    assert "AUTOTEST" not in shown
    assert "sha1" in shown
    assert "[1]" not in shown
    [found] = prove_apart([made], 6)
    assert found.good
    assert found.survivors == []
    assert prepare(text, "a", "a", {}, folder=tmp_path).source == made.source


def run(*words: str, folder: Path) -> Any:
    return subprocess.run(
        [*warm.snrilab(), json.dumps(words)],
        cwd=folder, capture_output=True, text=True, timeout=300, check=False,
        env={"PYTHONPATH": str(ROOT), "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin", "HOME": str(folder), warm.ENGINE: json.dumps(warm.worker())},
    )  # fmt: skip


CONFIG = (
    "c = get_config()\nc.CourseDirectory.root = {0!r}\n"
    "from snrilab.grading.autograde import configure\nconfigure(c)\n"
)


def test_release_refuses_a_wrong_key_and_names_what_cannot_be_run(
    jail: None, tmp_path: Path
) -> None:
    good = notebook(
        values("ab", "a = [1]\nb = [1]"),
        assignments.test("same", 1, "assert a is not b"),
        assignments.test("equal", 1, "assert a == b"),
    )
    test = assignments.test("wrong", 1, "assert c == 1", "assert c == 2, 'two'")
    bad = notebook(values("c", "c = 1"), test)
    root = write_course(tmp_path, {"good": good, "bad": bad}, {"ann": {"good": good.encode()}})
    (root / "nbgrader_config.py").write_text(CONFIG.format(str(root)))
    made = nbgrader(root, ["generate_assignment", "good"])
    assert made.returncode == 0, made.stderr
    assert "good: same runs inside: it asks with `is`" in made.stderr
    assert "can be read, and passed with a wrong answer" in made.stderr
    assert (root / "release/good/good.ipynb").is_file()
    refused = nbgrader(root, ["generate_assignment", "bad"])
    assert refused.returncode == 1
    said = "bad: your own answers do not pass wrong: AssertionError: two (line 3, in <"
    assert said in refused.stderr, "the teacher may see what is hidden"
    assert "raceback" not in refused.stderr
    assert not (root / "release/bad/bad.ipynb").exists()
    [graded] = grade_here(root, "good").graded
    scores = verdicts(graded)
    assert scores == {"equal": (1.0, ""), "same": (1.0, "")}
    checked = run("check", "good", folder=root)
    assert checked.returncode == 0
    assert "INSIDE good, same (1 points): it asks with `is`" in checked.stdout
    assert "out of reach of students' code: 1 test\n" in checked.stdout
    assert "good is ready: nbgrader" in checked.stdout
    assert "untouched release: 0 of 2" in checked.stdout
    checked = run("check", "good", "--outside-only", folder=root)
    assert checked.returncode == 1
    assert "CANNOT RUN good, same (1 points): it asks with `is`" in checked.stdout
    assert "untouched release: 0 of 1" in checked.stdout


def test_check_for_a_learner(tmp_path: Path) -> None:
    text = notebook(
        values("x", "x = 1"),
        assignments.test("test-x", 1, "assert x == 2, 'two'", "assert secret"),
        values("y", "y = 1"),
        values("z", "z = 1"),
    )
    whole = json.loads(submit(text, x="import no_such_package\nx = int(input())", z="z = 1"))
    away = "from snrilab import evidence, trials\nimport snrilab.plots\nfrom snrilab.exercises import find"
    whole["cells"].insert(1, {**whole["cells"][0], "id": "own", "metadata": {}, "source": away})
    whole["cells"].append({**whole["cells"][4], "id": "again"})
    path = tmp_path / "mine.ipynb"
    path.write_text(json.dumps(whole))
    (tmp_path / "release/a").mkdir(parents=True)
    longer = json.loads(
        assignments.release(
            notebook(*map(_cell, json.loads(text)["cells"]), values("more", "m = 1"))
        )
    )
    (tmp_path / "release/a/mine.ipynb").write_text(json.dumps(longer))
    told = run("check", str(path), folder=tmp_path)
    assert told.returncode == 1, told.stderr
    for sentence in (
        "Cell y still waits for your answer.",
        "Cell x imports no_such_package, which is not installed here.",
        "Cell x asks with input()",
        "Cell z is there twice",
        "Cell more is missing",
        "Test test-x stops: NameError",
        "Cell number 2 uses snrilab.trials, which is not there while this assignment is graded",
        "Answers may import snrilab.evidence.",
        "uses snrilab.plots,",
        "uses snrilab.exercises with anything but own_case,",
    ):
        assert sentence in told.stdout, (sentence, told.stdout)
    whole = json.loads(
        submit(notebook(*map(_cell, json.loads(text)["cells"][2:])), y="y = 1", z="z = 1")
    )
    (tmp_path / "fine.ipynb").write_text(json.dumps(whole))
    told = run("check", "fine.ipynb", folder=tmp_path)
    assert (told.returncode, "Nothing is missing" in told.stdout) == (0, True), told.stdout
    (tmp_path / "torn.ipynb").write_text("{")
    assert run("check", "torn.ipynb", folder=tmp_path).returncode == 2


def _cell(plain: dict[str, Any]) -> Any:
    import nbformat

    return nbformat.from_dict(plain)


FRAME = """import pandas as pd
people = pd.DataFrame({"age": [30, 41, 55], "sex": ["f", None, "m"], "ki": [1.5, np.nan, 3.0]})
people["group"] = pd.Categorical(["a", "b", "a"])
people["n"] = pd.array([1, None, 3], dtype="Int64")
people["day"] = pd.to_datetime(["2024-01-01", "2024-02-01", None])
people["here"] = people["day"].dt.tz_localize("Europe/Paris")"""


def test_tables_of_pandas_arrive_as_tables() -> None:
    pd = pytest.importorskip("pandas", reason="pandas is in the classroom extra")
    from snrilab.grading.jailed import tables, values

    space: dict[str, Any] = {}
    exec("import numpy as np\n" + FRAME, space)
    frame = space["people"]
    for table in (
        frame, frame.iloc[:0], frame.set_index("sex"), frame.set_index(["sex", "age"]), frame.set_index("day"), frame.set_index("here"),
        frame.groupby("group", observed=True).agg({"ki": ["mean", "sum"]}), frame.corr(numeric_only=True), pd.DataFrame(),
    ):  # fmt: skip
        pd.testing.assert_frame_equal(values.decode(values.encode(table)), table)
    for column in (
        frame["ki"],
        frame["ki"] > 1,
        frame["sex"].value_counts(),
        frame.iloc[0],
        pd.Series(dtype=float),
    ):
        pd.testing.assert_series_equal(values.decode(values.encode(column)), column)
    pd.testing.assert_index_equal(values.decode(values.encode(frame.columns)), frame.columns)
    assert "age" in values.decode(values.encode(frame))

    class Sly(pd.DataFrame):
        def equals(self, other: object) -> bool:
            return True

    arrived = values.decode(values.encode(Sly({"a": [1]})))
    assert type(arrived) is pd.DataFrame
    for bad in (
        {"kind": "DataFrame", "index": {"names": [None], "range": [0, 10**9, 1]}, "columns": {"names": [None], "values": []}, "parts": []},
        {"kind": "Series", "index": {"names": [None], "range": [0, 1, 1]}, "name": "x", "parts": [{"values": [1], "type": "evil"}]},
        {"kind": "Index", "index": {"names": [None], "values": space["np"].array([0], "M8[ns]"), "zone": "dateutil//etc/passwd"}},
        {"kind": "Other", "index": {"names": [None], "range": [0, 1, 1]}, "parts": []}, [], {"kind": 1},
    ):  # fmt: skip
        with pytest.raises(tables.BadTableError):
            tables.rebuild(bad)
