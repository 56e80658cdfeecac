"""The figures of the lecture notes, a function each, with no arguments needed. Imports the modules beside it."""
