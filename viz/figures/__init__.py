"""The figures of the lecture notes, each drawn by a function that needs no argument. Imports graphs, networks, plotted.

`FIGURES` has all of them by name, in the order of the notes: `FIGURES["two_paths"]().save("two-paths.svg")`. A Drawing
comes out, or for a plot a matplotlib figure.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .graphs import (
    batch_drawn_once,
    forward_and_backward,
    gradient_budget,
    h_of_f_and_g,
    k_of_h,
    layers_as_matrices,
    neuron_in_two,
    path_to_the_second_layer,
    remembered_factor,
    ten_layers,
    two_paths,
)
from .networks import (
    binary_network_4_4_1,
    first_layer_of_100,
    multi_class_network_4_4_3,
    network_4_3_2_1,
    one_neuron,
    output_layer_of_4,
    shapes_3_4_1,
    stacked_neurons,
    two_two_one_network,
)
from .plotted import (
    contour_paths_of_descents,
    cost_curves_of_descents,
    descent_on_a_curve,
    digits,
    exponential,
    one_neuron_surfaces,
    phones_boundary,
    tangent_against_nudge,
    two_two_one_first,
    two_two_one_second,
)

FIGURES: dict[str, Callable[..., Any]] = {
    figure.__name__: figure
    for figure in (
        digits,
        phones_boundary,
        two_two_one_network,
        two_two_one_first,
        two_two_one_second,
        one_neuron_surfaces,
        one_neuron,
        neuron_in_two,
        stacked_neurons,
        first_layer_of_100,
        output_layer_of_4,
        exponential,
        binary_network_4_4_1,
        multi_class_network_4_4_3,
        network_4_3_2_1,
        path_to_the_second_layer,
        h_of_f_and_g,
        k_of_h,
        two_paths,
        remembered_factor,
        gradient_budget,
        descent_on_a_curve,
        tangent_against_nudge,
        cost_curves_of_descents,
        contour_paths_of_descents,
        batch_drawn_once,
        shapes_3_4_1,
        layers_as_matrices,
        ten_layers,
        forward_and_backward,
    )
}

__all__ = ["FIGURES", *FIGURES]
