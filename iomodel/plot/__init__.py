"""Pictures of results, one file each; they look at results and compute nothing.

Every function takes a result, `ax` (the axes to draw on, a new figure if absent), `language`
(``"en"`` or ``"zh"``) and options by name, and returns the Axes. Nothing is shown or saved.
The same pictures are reached from a result: ``result.plot("waterfall")``.
"""

from iomodel.analysis.channels import Channels
from iomodel.analysis.inverse import Inverse
from iomodel.analysis.sensitivity import Sensitivity
from iomodel.analysis.surface import Surface
from iomodel.analysis.uncertainty import Uncertainty
from iomodel.plot.bars import bars
from iomodel.plot.densities import densities
from iomodel.plot.iso import iso
from iomodel.plot.ladder import ladder
from iomodel.plot.sankey import sankey
from iomodel.plot.sobol import sobol
from iomodel.plot.tornado import tornado
from iomodel.plot.waterfall import waterfall
from iomodel.results import register_pictures
from iomodel.studies.derivation import Derivation

register_pictures(Derivation, waterfall=waterfall, sankey=sankey, bars=bars, ladder=ladder)
register_pictures(Channels, sankey=sankey)
register_pictures(Uncertainty, densities=densities)
register_pictures(Sensitivity, tornado=tornado, sobol=sobol)
register_pictures(Inverse, iso=iso)
register_pictures(Surface, iso=iso)

__all__ = ["bars", "densities", "iso", "ladder", "sankey", "sobol", "tornado", "waterfall"]
