"""The usual mistakes of a vectorised back-propagation, as a table. Imports passes, slips and NumPy.

Each says what is wrong, how to put it right, and what it makes of the steps of a pass; so what somebody gets who makes
it is computed, and can be held against what somebody got.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np

from .misshapes import MISSHAPED
from .slips import (
    Mistake,
    added_up,
    at_another_layer,
    each_array,
    in_its_form_for_a,
    instead,
    instead_of_m,
    kept,
    last_alone,
    late,
    of_another_function,
    of_squares,
    softmax_elementwise,
    swapped,
    through,
    times,
    updated_first,
)
from .vectorized import passed_back

MOST_LAYERS = 5  # of which two are taken for one another


_MADE = (
    Mistake(
        "1/m forgotten",
        "J is the mean over the examples, and this is the sum over them, m times too much.",
        "Divide dW and db by m, the number of columns of X.",
        (times(lambda s: s.m, "weights", "biases"),),
    ),
    Mistake(
        "1/m twice",
        "The mean over the examples is taken twice: on the way down, and once more in dW and db.",
        "Divide by m in dW and db alone; dZ and dA belong to one example's loss.",
        (times(lambda s: 1 / s.m, "weights", "biases"), times(lambda s: 1 / s.m, "back")),
    ),
    Mistake(
        "m is a number of rows",
        "The sum over the examples is divided by the number of inputs or of outputs.",
        "Take m = X.shape[1]: examples are columns.",
        (
            times(lambda s: instead_of_m(s, 0), "weights", "biases"),
            times(lambda s: instead_of_m(s, -1), "weights", "biases"),
        ),
    ),
    Mistake(
        "A − Y with another loss",
        "dZ[L] = A[L] − Y holds for the cross-entropy of its own activation, and here the loss is another one.",
        "Begin with the derivative of your loss, 2(A[L] − Y) for the squared one, times g'[L](Z[L]).",
        (instead(lambda s, l, dA: s.A[l] - s.problem.Y, "error"),),
    ),
    Mistake(
        "squared loss for cross-entropy",
        "dZ[L] is that of the squared loss, and here the loss is another one.",
        "Begin with dZ[L] = A[L] − Y for a cross-entropy of its own activation.",
        (instead(of_squares, "error"),),
    ),
    Mistake(
        "factor 2",
        "It is twice what it should be.",
        "Look for a 2 that stands there once too often.",
        (times(lambda s: 2, "error"),),
    ),
    Mistake(
        "factor ½",
        "It is half of what it should be, as if there were a ½ in front of the loss.",
        "The derivative of (A − Y)² is 2(A − Y): keep the 2, for J has no ½.",
        (times(lambda s: 0.5, "error"),),
    ),
    Mistake(
        "sign",
        "The sign is turned, as with Y − A for A − Y.",
        "Begin with A[L] − Y, and subtract the gradient when you update.",
        (times(lambda s: -1, "error"), each_array(np.negative)),
    ),
    Mistake(
        "g' missing",
        "The derivative of the activation is left out.",
        "Multiply dA[l], entry by entry, by g'[l](Z[l]).",
        through(lambda s, l, dA: dA),
    ),
    Mistake(
        "g for g'",
        "The activation itself stands where its derivative is meant.",
        "Multiply by g'[l](Z[l]), which is A * (1 - A) for a sigmoid and 1 - A**2 for tanh.",
        through(lambda s, l, dA: dA * s.A[l]),
    ),
    Mistake(
        "g' of A for g' of Z",
        "The derivative is taken at A[l], which has been through the activation already.",
        "Give g' the pre-activation Z[l]; or write it with A alone, A * (1 - A) for a sigmoid.",
        through(lambda s, l, dA: passed_back(s.g(l), s.A[l], dA)),
    ),
    Mistake(
        "Z for A in g'",
        "g' is written as a formula of A[l], such as A * (1 - A), but is given Z[l].",
        "Write A * (1 - A) for a sigmoid and 1 - A**2 for tanh, with A = g(Z).",
        through(in_its_form_for_a),
    ),
    Mistake(
        "g' of the wrong layer",
        "dA[l] is multiplied by the g' of another layer.",
        "The l of dA[l], g'[l] and Z[l] is the same.",
        tuple(form for by in (1, -1) for own in (True, False) for form in through(at_another_layer(by, own))),
    ),
    Mistake(
        "g' of another function",
        "The derivative is that of an activation which this layer does not have.",
        "Take g' of the layer's own activation: A * (1 - A) for a sigmoid, 1 - A**2 for tanh, Z > 0 for relu.",
        tuple(form for name in ("sigmoid", "tanh", "relu") for form in through(of_another_function(name))),
    ),
    Mistake(
        "softmax elementwise",
        "p(1 − p) is only the diagonal of softmax's Jacobian: every output depends on every entry of Z.",
        "With cross-entropy write dZ[L] = A[L] − Y; else use the whole Jacobian, p_i(δ_ij − p_j).",
        ({"error": softmax_elementwise},),
    ),
    Mistake(
        "bias forgotten",
        "Z is computed without its bias.",
        "Write Z[l] = W[l] @ A[l-1] + b[l].",
        ({"sums": lambda was, s, l, A: s.W[l] @ A},),
    ),
    Mistake(
        "only the last example",
        "Of all examples only the last one counts, as with = for += in a loop over them.",
        "Start from zeros and add up with +=, or multiply matrices: dZ @ A.T sums over the examples.",
        (
            dict.fromkeys(("weights", "biases"), last_alone),
            {step: lambda was, s, l, dZ: s.m * last_alone(was, s, l, dZ) for step in ("weights", "biases")},
        ),
    ),
    Mistake(
        "weights updated too early",
        "W[l] is updated before dA[l-1] is computed, so that what is below belongs to two networks at once.",
        "Compute all gradients from the old weights first, and let the caller update.",
        ({"back": updated_first},),
        fitted=True,
        also=("update",),
    ),
    Mistake(
        "regulariser missing",
        "The derivative of the regulariser is not added.",
        "Add that of strength · Σ w², 2 · strength · W, to dW.",
        (times(lambda s: 0, "decay"),),
    ),
    Mistake(
        "regulariser on the biases",
        "The regulariser is a sum over the weights, and here the biases have one as well.",
        "Leave db as it is.",
        (instead(lambda s, l, b: s.problem.decay(s.b[l]), "decay_of_biases"),),
    ),
    Mistake(
        "regulariser's factor",
        "The regulariser is added with another factor, or divided by m.",
        "J is the mean loss plus strength · Σ w², so add 2 · strength · W to dW, once and whatever m is.",
        tuple(
            times(factor, "decay")
            for factor in (
                lambda s: 0.5,
                lambda s: 2,
                lambda s: -1,
                lambda s: 1 / s.m,
                lambda s: 0.5 / s.m,
                lambda s: s.m,
            )
        ),
    ),
    Mistake(
        "swapped layers",
        "The arrays of two layers stand under each other's names.",
        "W1 and b1 belong to the layer that reads X, and the highest number to the output.",
        tuple(
            swapped(letters, a, b)
            for letters in ("Wb", "W", "b")
            for a, b in combinations(range(1, MOST_LAYERS + 1), 2)
        ),
    ),
)


_KEPT = "Make all arrays anew in every call, inside the function; let it remember nothing."
_OVER_CALLS = (
    Mistake(
        "stale gradients added",
        "The gradients of earlier calls are still there, and those of this one are added to them.",
        _KEPT,
        (),
        also=("handed_in",),
        over=added_up,
    ),
    Mistake(
        "stale gradients kept",
        "Every call gives the gradients of the first one, whatever it is given.",
        _KEPT,
        (),
        also=("handed_in",),
        over=kept,
    ),
    Mistake(
        "stale gradients of the call before",
        "Each call gives the gradients of the one before it.",
        _KEPT,
        (),
        also=("handed_in",),
        over=late,
    ),
)

MISTAKES: dict[str, Mistake] = {mistake.name: mistake for mistake in (*_MADE, *MISSHAPED, *_OVER_CALLS)}
