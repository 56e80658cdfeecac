"""Files written whole or not at all, as nn writes its own. Imports nn."""

from nn.files import Unwritable, at_home, write_all

__all__ = ["Unwritable", "at_home", "write_all"]
