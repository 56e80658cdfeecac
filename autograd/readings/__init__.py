"""What the words of a formula mean: one vocabulary per module. They may import formula and ops, and NumPy in one."""
