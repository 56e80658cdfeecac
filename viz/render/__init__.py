"""A Picture in a format: each module renders one and decides nothing. They may import picture, typeset and theme."""
