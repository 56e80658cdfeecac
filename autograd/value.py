"""Value: a number that remembers its parents and local derivatives. Imports ops, readings and scope.

Nothing here knows a derivative: every operator is a row of the table, put to work by `record`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from numbers import Integral, Rational, Real
from typing import Any, TypeAlias, Union

from .errors import NotAScalar, WrongShape, not_a_scalar, shorten
from .ops import TABLE, Op
from .readings.python import rule
from .scope import Scope, current_scope

Operand: TypeAlias = Union["Value", float]
LARGEST = 2**1023  # whole numbers and fractions below it fit into a float


def as_number(given: Any, where: str) -> float:
    """`given` as a plain Python number: a float, an int, or a Fraction, which arithmetic keeps exact.

    Raises NotAScalar, its message beginning with `where`, for anything else.
    """
    if type(given) is float:
        return given
    if isinstance(given, Integral):
        if abs(whole := int(given)) < LARGEST:
            return whole
        raise NotAScalar(f"{where}: the whole number {shorten(whole)} is too large for a float")
    if isinstance(given, Rational):
        if abs(int(given.numerator)) < LARGEST * int(given.denominator):
            return given  # type: ignore[return-value]  # a Fraction: to the type checker only ints are floats
        raise NotAScalar(f"{where}: the fraction is too large for a float")
    if isinstance(given, Real):
        return float(given)
    raise not_a_scalar(given, where)


def _binary(name: str) -> tuple[Callable[[Value, Operand], Value], Callable[[Value, float], Value]]:
    """The method of a two-operand primitive and its reflection, for a number on the left."""
    op = TABLE[name]
    of_two, of_left, of_right = (rule(op, wanted) for wanted in ((True, True), (True, False), (False, True)))

    def method(self: Value, other: Operand) -> Value:
        if isinstance(other, Value):
            data, partials = of_two(self.data, other.data)
        else:
            other = as_number(other, f"{self!r} {op.glyph} {shorten(other)}")
            data, partials = of_left(self.data, other)
        return _node(data, op, (self, other), partials)

    def reflected(self: Value, other: float) -> Value:
        other = as_number(other, f"{shorten(other)} {op.glyph} {self!r}")
        data, partials = of_right(other, self.data)
        return _node(data, op, (other, self), partials)

    return method, reflected


def _unary(name: str, doc: str) -> Callable[[Value], Value]:
    """The method of a one-operand primitive."""
    op = TABLE[name]
    of_one = rule(op, (True,))

    def method(self: Value) -> Value:
        data, partials = of_one(self.data)
        return _node(data, op, (self,), partials)

    method.__name__, method.__doc__ = name, doc
    return method


class Value:
    """One real number in a graph: a leaf, or what a primitive made of its operands.

    `data` is the number and `grad` the derivative that `backward` left, None until then. `op` is the
    node's row of the table, None for a leaf. `operands` are what the primitive was applied to, in order and
    with multiplicity, plain numbers included; `partials` holds one local derivative for each, None where
    the operand is a plain number and asks for none. `scope` is where the node was made.

    Arithmetic is IEEE's, as in NumPy: overflow is inf, the log of a negative number nan, and nothing raises.
    A Value is equal only to itself, so that it can be counted and kept in sets; < and > compare data.

    Raises NotAScalar for anything that is not one real number.
    """

    __slots__ = ("data", "grad", "name", "op", "operands", "partials", "scope")
    __array_ufunc__ = None  # an array on the left then leaves the operation to us, and we say what is wrong

    data: float
    grad: float | None
    name: str
    op: Op | None
    operands: tuple[Operand, ...]
    partials: tuple[float | None, ...]
    scope: Scope | None

    def __init__(self, data: float, name: str = "") -> None:
        number = as_number(data, f"Value({shorten(data)})")
        self.data = float(number) if isinstance(number, int) else number
        self.grad = None
        self.named(name)
        self.op = None
        self.operands = ()
        self.partials = ()
        self.scope = current_scope()

    @property
    def parents(self) -> tuple[Value, ...]:
        """The operands that are Values, in order: `(w * w).parents` holds w twice."""
        return tuple(operand for operand in self.operands if isinstance(operand, Value))

    @property
    def local_grads(self) -> tuple[float, ...]:
        """∂self/∂parent for each of `parents`, as it was when this node was made."""
        return tuple(partial for partial in self.partials if partial is not None)

    def named(self, name: str) -> Value:
        """This very Value, called `name` from now on.

        Raises TypeError for a name that is no string.
        """
        if not isinstance(name, str):
            raise TypeError(f"a Value's name is a string, not {shorten(name)}; write {str(name)!r}")
        self.name = name
        return self

    def backward(self) -> None:
        """Leave ∂self/∂node in the `.grad` of every node below this one; see `autograd.backward`."""
        from .sweep import backward  # the sweep stands above; this method is only its short name

        backward(self)

    def __repr__(self) -> str:
        name = f", {self.name!r}" if self.name else ""
        grad = "" if self.grad is None else f", grad={self.grad!r}"
        return f"Value({self.data!r}{name}{grad})"

    __add__, __radd__ = _binary("add")
    __sub__, __rsub__ = _binary("sub")
    __mul__, __rmul__ = _binary("mul")
    __truediv__, __rtruediv__ = _binary("div")
    __pow__, __rpow__ = _binary("pow")
    __neg__ = _unary("neg", "The Value with its sign turned.")
    exp = _unary("exp", "e to the power of the Value.")
    log = _unary("log", "The natural logarithm: -inf at 0, nan below.")
    tanh = _unary("tanh", "The hyperbolic tangent.")
    sigmoid = _unary("sigmoid", "1 / (1 + exp(-x)) as one node, with the local derivative h (1 - h).")
    relu = _unary("relu", "The positive part of the Value; at the kink 0 the derivative is taken as 0.")

    def __float__(self) -> float:
        return float(self.data)

    def __lt__(self, other: Operand) -> bool:
        return self.data < _data(other)

    def __le__(self, other: Operand) -> bool:
        return self.data <= _data(other)

    def __gt__(self, other: Operand) -> bool:
        return self.data > _data(other)

    def __ge__(self, other: Operand) -> bool:
        return self.data >= _data(other)


def weighted_sum(weights: Sequence[Operand], inputs: Sequence[Operand], bias: Operand = 0.0) -> Value:
    """Σ weights[i] · inputs[i] + bias as one node with many parents: the weights, the inputs, then the bias.

    Raises WrongShape unless there are as many weights as inputs, and at least one.
    """
    for what, given in (("weights", weights), ("inputs", inputs)):
        if not hasattr(given, "__len__"):
            raise WrongShape(f"weighted_sum: the {what} are {shorten(given)}; give a list of them")
    if len(weights) != len(inputs) or not len(weights):
        raise WrongShape(
            f"weighted_sum: {len(weights)} weights for {len(inputs)} inputs; give one weight for each input"
        )
    operands = (*weights, *inputs, bias)
    numbers = [_data(operand) for operand in operands]
    ws, xs = numbers[: len(weights)], numbers[len(weights) : -1]
    data, partials = rule(TABLE["weighted_sum"], (True, True, True))(ws, xs, numbers[-1])
    if not all(isinstance(operand, Value) for operand in operands):
        pairs = zip(operands, partials, strict=True)
        partials = tuple(partial if isinstance(operand, Value) else None for operand, partial in pairs)
    return _node(data, TABLE["weighted_sum"], operands, partials)


def _data(operand: Operand) -> float:
    """The number in an operand of either kind."""
    return operand.data if isinstance(operand, Value) else as_number(operand, shorten(operand))


def _node(data: float, op: Op, operands: tuple[Operand, ...], partials: tuple[float | None, ...]) -> Value:
    """A Value that a primitive made. Most of a program's nodes come from here, so no `__init__` is called."""
    node = _new(Value)
    node.data = data
    node.grad = None
    node.name = ""
    node.op = op
    node.operands = operands
    node.partials = partials
    node.scope = current_scope()
    return node


_new = object.__new__
