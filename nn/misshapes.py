"""The mistakes that show in shapes, where they show at all: a table. Imports slips and NumPy.

On a square network, or for as many examples as there are neurons, they give arrays of the right shape and run.
"""

from __future__ import annotations

import numpy as np

from .slips import Mistake, after, each_array, instead, summed_up

MISSHAPED = (
    Mistake(
        "transposed",
        "The array is the transpose of what it should be.",
        "A gradient has the shape of its parameter: dW = dZ @ A.T is (n_l, n_l-1), db is (n_l, 1).",
        (after(np.transpose, "weights"), each_array(np.transpose)),
    ),
    Mistake(
        "W for W.T",
        "On the way down W stands where its transpose is meant.",
        "Write dA[l-1] = W[l].T @ dZ[l].",
        (instead(lambda s, l, dZ: s.W[l] @ dZ, "back"),),
    ),
    Mistake(
        "W of the wrong layer",
        "On the way down from layer l stands the W of another layer.",
        "Write dA[l-1] = W[l].T @ dZ[l]: the way down leads over the weights of the way up.",
        (instead(lambda s, l, dZ: s.W[l - 1].T @ dZ, "back"),),
    ),
    Mistake(
        "* for @",
        "In NumPy * multiplies entry by entry; what the notes write as * is here the matrix product.",
        "Write @ in dZ @ A.T and in W.T @ dZ; * is for g' alone.",
        (
            instead(lambda s, l, dZ: dZ * s.A[l - 1].T / s.m, "weights"),
            instead(lambda s, l, dZ: s.W[l].T * dZ, "back"),
            instead(lambda s, l, dZ: dZ * s.A[l - 1].T / s.m, "weights")
            | instead(lambda s, l, dZ: s.W[l].T * dZ, "back"),
        ),
    ),
    Mistake(
        "A of the wrong layer",
        "dW[l] is made with A[l], the outputs of the layer and not what it reads.",
        "Write dZ[l] @ A[l-1].T; for the first layer A[0] is X.",
        (instead(lambda s, l, dZ: dZ @ s.A[l].T / s.m, "weights"),),
    ),
    Mistake(
        "Z for A in dW",
        "dW[l] is made with Z[l-1], and the layer reads A[l-1] = g(Z[l-1]).",
        "Write dZ[l] @ A[l-1].T.",
        (instead(lambda s, l, dZ: dZ @ s.Z[l - 1].T / s.m, "weights"),),
    ),
    Mistake(
        "summed axis lost",
        "db is one number: the sum has run over the neurons as well as over the examples.",
        "Sum along the examples alone: dZ.sum(axis=1, keepdims=True).",
        (
            instead(summed_up(lambda total, b: np.asarray(total)), "biases"),
            instead(summed_up(lambda total, b: np.full((1, 1), total)), "biases"),
            instead(summed_up(lambda total, b: np.full(b.shape, total)), "biases"),
        ),
    ),
    Mistake(
        "db not summed",
        "db has a column for each example: the sum over the examples is missing.",
        "Sum along the examples: dZ.sum(axis=1, keepdims=True) / m.",
        (instead(lambda s, l, dZ: dZ / s.m, "biases"), instead(lambda s, l, dZ: dZ, "biases")),
    ),
    Mistake(
        "summed along the wrong axis",
        "db is summed over the neurons, axis 0, and not over the examples, axis 1.",
        "Write dZ.sum(axis=1, keepdims=True) / m.",
        (
            instead(lambda s, l, dZ: dZ.sum(axis=0) / s.m, "biases"),
            instead(lambda s, l, dZ: dZ.sum(axis=0, keepdims=True) / s.m, "biases"),
            instead(lambda s, l, dZ: dZ.sum(axis=0, keepdims=True).T / s.m, "biases"),
        ),
    ),
    Mistake(
        "keepdims lost",
        "The numbers of db are right, but it is a flat array and not a column.",
        "Write dZ.sum(axis=1, keepdims=True): added to Z, a flat array runs along the wrong axis.",
        (after(np.ravel, "biases"),),
    ),
    Mistake(
        "bias along the wrong axis",
        "In Z = W A + b the bias is added as a row, a number for each example and not for each neuron.",
        "Keep b a column, (n_l, 1), as it is given: Z = W @ A + b.",
        ({"sums": lambda was, s, l, A: s.W[l] @ A + s.b[l].T},),
    ),
)
