"""Value: a number that remembers its parents and local derivatives.

Imports display, ops, plain, readings.python and scope. Knows no derivative: `rule` puts rows of the table to work.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import ge, gt, le, lt
from typing import Any, NoReturn, TypeAlias, Union, final

from .display import IN_NOTEBOOKS
from .errors import NotAName, shorten
from .ops import TABLE, Op
from .plain import Where, alike, as_exponent, as_float, as_number, require_float, shown
from .readings.python import rule
from .scope import Scope, current_place, show

Operand: TypeAlias = Union["Value", float]
ARITHMETIC = ("add", "sub", "mul", "div", "pow", "neg", "abs")  # the rows that are operators
SLOPE = 0.01  # of a leaky relu below 0, unless told otherwise


def _binary(
    name: str, plain: Callable[[Any, Where], float] = as_number
) -> tuple[Callable[[Value, Operand], Value], Callable[[Value, float], Value]]:
    """The method of a two-operand primitive and its reflection, for a number on the left."""
    op = TABLE[name]
    of_two, of_left, of_right = (rule(op, wanted) for wanted in ((True, True), (True, False), (False, True)))

    def method(self: Value, other: Operand) -> Value:
        if isinstance(other, Value):
            data, mine, others = of_two(self.data, other.data)
            return recorded(data, op, self, mine, other, others)
        if other.__class__ is not float or other != other:
            other = alike(plain(other, lambda: f"{self!r} {op.glyph} {shorten(other)}"), self.data)
        data, mine, _ = of_left(self.data, other)
        return recorded(data, op, self, mine, other, None)

    def reflected(self: Value, other: float) -> Value:
        if other.__class__ is not float:
            other = alike(as_number(other, lambda: f"{shorten(other)} {op.glyph} {self!r}"), self.data)
        data, _, mine = of_right(other, self.data)
        return recorded(data, op, other, None, self, mine)

    method.__name__, method.__doc__ = name, op.says
    return method, reflected


def _unary(name: str) -> Callable[[Value], Value]:
    """The method of a one-operand primitive."""
    op = TABLE[name]
    of_one = rule(op, (True,))

    def method(self: Value) -> Value:
        if self.data.__class__ is not float:
            require_float(op, self.data)
        data, mine = of_one(self.data)
        return recorded(data, op, self, mine)

    method.__name__, method.__doc__ = name, op.says
    return method


def _compared(by: Callable[[float, float], bool]) -> Callable[[Value, Operand], bool]:
    """A comparison of data."""
    return lambda self, other: by(self.data, data_of(other))


@final
class Value:
    """One real number in a graph: a leaf, or what a primitive made of its operands.

    `data` is the number and `grad` the derivative that `backward` left, None until then. `op` is the node's row of
    the table, None for a leaf, `operands` what it was applied to, and `partials` the local derivative by each.
    `scope` is where the node was made.

    Arithmetic is IEEE's, as in NumPy: overflow is inf, the log of a negative number nan, and nothing raises.
    Fractions stay exact through + − × ÷ and whole powers, and are refused where no fraction comes out.
    A Value is equal only to itself, so that it can be counted and kept in sets; < and > compare data, and
    float(), bool() and format() are those of the number.

    Raises NotAScalar for anything that is not one real number, NotAName for a name that is no string.
    """

    # Operands and partials stand in the node itself, not in tuples, unless the primitive takes lists: what a graph
    # costs in Python is above all the number of objects that its garbage collector has to walk.
    __slots__ = ("by_left", "by_right", "data", "grad", "left", "name", "op", "right", "scope")
    __array_ufunc__ = None  # an array on the left then leaves the operation to us, and we say what is wrong

    data: float
    grad: float | None
    name: str
    op: Op | None
    scope: Scope | None
    left: Any
    by_left: Any
    right: Any
    by_right: Any

    def __init__(self, data: float, name: str = "") -> None:
        number = as_number(data, lambda: f"Value({shorten(data)})")
        self.data = float(number) if isinstance(number, int) else number
        self.grad = None
        self.named(name)
        self.op = None
        self.left = self.by_left = self.right = self.by_right = None
        self.scope, watches = current_place()
        if watches:
            show(self, watches)

    def __init_subclass__(cls) -> NoReturn:
        raise TypeError(
            "Value cannot be subclassed: the sweep knows nodes by their class; keep a Value in an attribute"
        )

    @property
    def operands(self) -> tuple[Any, ...]:
        """What the primitive was applied to, in order and with multiplicity, plain numbers included."""
        if self.left.__class__ is tuple:
            return self.left
        return () if self.left is None else (self.left,) if self.right is None else (self.left, self.right)

    @property
    def partials(self) -> tuple[float | None, ...]:
        """∂self/∂operand for each of `operands`, as it was when this node was made; None for a plain number."""
        if self.left.__class__ is tuple:
            return tuple(self.by_left)
        return () if self.left is None else (self.by_left,) if self.right is None else (self.by_left, self.by_right)

    @property
    def parents(self) -> tuple[Value, ...]:
        """The operands that are Values, in order: `(w * w).parents` holds w twice."""
        left, right = self.left, self.right
        if left.__class__ is tuple:
            return tuple(operand for operand in left if operand.__class__ is Value)
        mine = (left,) if left.__class__ is Value else ()
        return (*mine, right) if right.__class__ is Value else mine

    @property
    def local_grads(self) -> tuple[float, ...]:
        """∂self/∂parent for each of `parents`, as it was when this node was made."""
        return tuple(partial for partial in self.partials if partial is not None)

    def named(self, name: str) -> Value:
        """This very Value, called `name` from now on.

        Raises NotAName for a name that is no string.
        """
        if not isinstance(name, str):
            raise NotAName(f"a Value's name is a string, not {shorten(name)}; write {str(name)!r}")
        self.name = name
        return self

    def detach(self) -> Value:
        """A new leaf of the same number and name: what is computed from it sends nothing back to this node."""
        return Value(self.data, self.name)

    def backward(self) -> None:
        """Leave ∂self/∂node in the `.grad` of every node below this one; see `autograd.backward`."""
        from .backprop import backward  # it stands above; this method is only its short name

        backward(self)

    def __reduce__(self) -> tuple[Any, ...]:
        from .copying import reduced

        return reduced(self)

    def __copy__(self) -> Value:
        from .copying import copied

        return copied(self)

    def __repr__(self) -> str:
        name = f", {self.name!r}" if self.name else ""
        grad = "" if self.grad is None else f", grad={shown(self.grad)}"
        return f"Value({shown(self.data)}{name}{grad})"

    _repr_mimebundle_, _mime_ = IN_NOTEBOOKS
    __add__, __radd__ = _binary("add")
    __sub__, __rsub__ = _binary("sub")
    __mul__, __rmul__ = _binary("mul")
    __truediv__, __rtruediv__ = _binary("div")
    __pow__, __rpow__ = _binary("pow", as_exponent)
    __neg__ = _unary("neg")
    __abs__ = _unary("abs")
    exp = _unary("exp")
    log = _unary("log")
    log1p = _unary("log1p")
    expm1 = _unary("expm1")
    sqrt = _unary("sqrt")
    sin = _unary("sin")
    cos = _unary("cos")
    tan = _unary("tan")
    tanh = _unary("tanh")
    sigmoid = _unary("sigmoid")
    softplus = _unary("softplus")
    silu = _unary("silu")
    relu = _unary("relu")
    step = _unary("step")
    _leaky_relu, _ = _binary("leaky_relu")

    def leaky_relu(self, slope: Operand = SLOPE) -> Value:
        """The Value itself above 0, `slope` times it below; at the kink 0 the derivative is taken from below."""
        return self._leaky_relu(slope)

    def __pos__(self) -> Value:
        return self

    def __float__(self) -> float:
        return as_float(self.data)

    def __bool__(self) -> bool:
        return bool(self.data)

    def __format__(self, spec: str) -> str:
        return format(float(self), spec) if spec else str(self)

    __lt__, __le__, __gt__, __ge__ = map(_compared, (lt, le, gt, ge))


for _op in TABLE.values():  # a row that nobody has written a line for above is a method all the same
    if not _op.takes_lists and _op.name not in (*ARITHMETIC, *vars(Value)):
        setattr(Value, _op.name, _unary(_op.name) if len(_op.operands) == 1 else _binary(_op.name)[0])


def data_of(operand: Operand) -> float:
    """The number in an operand of either kind; raises NotAScalar for anything else."""
    return operand.data if isinstance(operand, Value) else as_number(operand, lambda: shorten(operand))


def recorded(data: float, op: Op, left: Any, by_left: Any, right: Any = None, by_right: Any = None) -> Value:
    """A Value made of one or two operands, or of tuples of them and their partials; calls no `__init__`, for speed."""
    made = _new(Value)
    made.data = data
    made.grad = None
    made.name = ""
    made.op = op
    made.left = left
    made.by_left = by_left
    made.right = right
    made.by_right = by_right
    made.scope, watches = current_place()
    if watches:
        show(made, watches)
    return made


_new = object.__new__
