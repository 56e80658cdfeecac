"""Arithmetic on calls: the rules by which there are fewer of them, and cheaper ones. Imports calls."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce

from .calls import Call, Calls, Shape, common

CLOSE = 1e-15  # so close to 1 are products like m · (1 / m)


class Arithmetic(Calls):
    """Sums, products, choices and products of matrices, each as few calls as it takes.

    What is small is computed before what is large, what is fixed before what changes, and numbers are put together.
    What is kept is never taken apart.
    """

    def sum(self, x: Call, y: Call) -> Call:
        """The sum: what is small is added before what is large, and has one factor if it has the same."""
        if x.equals(0) or y.equals(0):
            return y if x.equals(0) else x
        if x.is_open("scatter") and y.is_open("scatter"):
            return self.scatter((*x.detail, *y.detail), (*x.args, *y.args), x.shape)
        if y.is_open("negative"):
            return self.difference(x, y.args[0])
        if x.is_open("negative"):
            return self.difference(y, x.args[0])
        if x.is_open("multiply") and y.is_open("multiply") and x.args[0] is y.args[0] and x.args[0].is_number:
            return self.scaled(x.args[0].detail, self.sum(x.args[1], y.args[1]))
        if x.is_open("add") and x.args[1].shape == y.shape != x.shape:
            return self.each("add", x.args[0], self.sum(x.args[1], y))
        return self.each("add", x, y)

    def difference(self, x: Call, y: Call) -> Call:
        """The difference."""
        if x.equals(0) or y.equals(0):
            return self.product(self.number(-1), y) if x.equals(0) else x
        return self.sum(x, y.args[0]) if y.is_open("negative") else self.each("subtract", x, y)

    def scaled(self, scale: float, x: Call) -> Call:
        """A number times x."""
        if abs(scale - 1) <= CLOSE:
            return x
        if scale == -1 and x.is_open("subtract"):
            return self.each("subtract", *x.args[::-1])
        return self.each("negative", x) if scale == -1 else self.each("multiply", self.number(scale), x)

    def product(self, *factors: Call) -> Call:
        """Their product: what is small is multiplied before what is large, and what is fixed before what is not."""
        shape = common(factors)
        scale, over, under = self._taken_apart(factors, shape)

        def rank(factor: Call) -> tuple[bool, bool]:
            return factor.shape == shape, not factor.fixed

        parts: dict[tuple[Shape, bool], Call] = {}
        for factor in sorted(over, key=rank):
            key = (factor.shape, factor.shape == shape and factor.fixed)
            parts[key] = self.each("multiply", parts[key], factor) if key in parts else factor
        for factor in under:
            key = (factor.shape, False)
            parts[key] = self.each("divide", parts.get(key, self.number(1)), factor)
        if not scale or not parts:
            return self.filled(self.number(scale), shape)
        first, *others = sorted(parts.values(), key=rank)
        return reduce(lambda x, y: self.each("multiply", x, y), [*others[::-1], self.scaled(scale, first)])

    def _taken_apart(self, factors: Iterable[Call], shape: Shape) -> tuple[float, list[Call], list[Call]]:
        """A product's number, its other factors, and what they are divided by, if that is smaller than all together."""
        scale, over, under = 1.0, list[Call](), list[Call]()
        stack = list(factors)[::-1]
        while stack:
            factor = stack.pop()
            if factor.is_number:
                scale *= factor.detail
            elif factor.is_open("multiply", "negative"):
                scale *= -1 if factor.word == "negative" else 1
                stack += factor.args[::-1]
            elif factor.is_open("divide") and factor.args[1].shape != shape:
                stack.append(factor.args[0])
                under.append(factor.args[1])
            else:
                over.append(factor)
        return scale, over, under

    def quotient(self, x: Call, y: Call) -> Call:
        """The quotient; by a number, unless that is so small or large that its inverse is none, a product."""
        if y.is_number and 1e-300 < abs(y.detail) < 1e300:
            return self.product(x, self.number(1 / y.detail))
        return self.each("divide", x, y)

    def power(self, x: Call, y: Call) -> Call:
        """The power."""
        return self.each("square", x) if y.equals(2) else self.each("power", x, y)

    def exp(self, x: Call) -> Call:
        """Eˣ; of x - (p + log Σ eˣ⁻ᵖ), which is the softmax, eˣ⁻ᵖ / Σ eˣ⁻ᵖ."""
        if x.word == "subtract":
            logits, normaliser = x.args
            if normaliser.word == "where":  # whose other branch is for infinite numbers
                normaliser = normaliser.args[2]
            if normaliser.word == "add" and (log := normaliser.args[1]).word == "log":
                powers = self.each("exp", self.difference(logits, normaliser.args[0]))
                if log.args[0] is self.over_rows(powers):
                    return self.each("divide", powers, log.args[0])
        return self.each("exp", x)

    def where(self, test: Call, yes: Call, no: Call) -> Call:
        """A choice; by the sign of x, of two numbers, a multiple of the mask, and of multiples of x that times x.

        The mask is quicker than to choose; only of an infinite x it makes nan where the choice has 0.
        """
        if test.is_number or yes is no:
            return yes if yes is no or test.detail else no
        x, bound = test.args
        if test.word == "less_equal" and bound.equals(0):
            if yes.is_number and no.is_number and (step := no.detail - yes.detail) + yes.detail == no.detail:
                return self.sum(self.product(self.number(step), self.make("mask", x, shape=x.shape)), yes)
            if no is x and (yes.equals(0) or (yes.word == "multiply" and yes.args[1] is x and yes.args[0].is_number)):
                slope = yes if yes.is_number else yes.args[0]
                return self.product(x, self.where(test, slope, self.number(1)))
        if test.word == "equal" and bound.equals(0) and yes.equals(0):
            below = self.each("less_equal", x, bound)
            if no is self.where(below, self.number(-1), self.number(1)):
                return self.each("sign", x)
        return self.make("where", test, yes, no, shape=common((test, yes, no)))

    def dot(self, x: Call, y: Call) -> Call:
        """The product of matrices."""
        scale, factors = 1.0, list[Call]()
        for factor in (x, y):
            if factor.is_open("multiply", "negative") and factor.args[-1].shape == factor.shape and not factor.fixed:
                number = factor.args[0]
                if factor.word == "negative" or number.is_number:
                    scale *= -1 if factor.word == "negative" else number.detail
                    factor = factor.args[-1]
            factors.append(factor)
        if (1, 1) in (x.shape, y.shape):
            return self.product(x, y)
        return self.scaled(scale, self.make("dot", *factors, shape=(x.shape[0], y.shape[1])))

    def over_rows(self, x: Call) -> Call:
        """The sum of the rows."""
        return x if x.shape[0] == 1 else self.dot(self.ones((1, x.shape[0])), x)

    def over_columns(self, x: Call) -> Call:
        """The sum of the columns."""
        return x if x.shape[1] == 1 else self.dot(x, self.turned(self.ones((1, x.shape[1]))))

    def columns(self, x: Call, columns: range) -> Call:
        """Neighbouring columns; a number stays outside."""
        if x.is_open("multiply") and x.args[0].is_number:
            return self.scaled(x.args[0].detail, super().columns(x.args[1], columns))
        return super().columns(x, columns)
