"""Declared layouts of families of tables."""

from iomodel.readers.layouts.americas import AMERICAS
from iomodel.readers.layouts.asia import ASIA
from iomodel.readers.layouts.europe import EUROPE
from iomodel.readers.layouts.international import INTERNATIONAL

LAYOUTS = (*ASIA, *EUROPE, *AMERICAS, *INTERNATIONAL)
