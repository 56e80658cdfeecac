"""The tests: they mirror the packages, and check with oracles that are not pathgrad's own code."""
