"""Pictures of results, one file each; they look at results and compute nothing.

Every function takes a result, `ax` (the axes to draw on, a new figure if absent), `language`
(``"en"`` or ``"zh"``) and options by name, and returns the Axes. Nothing is shown or saved.
The same pictures are reached from a result: ``result.plot("waterfall")``.
"""

from iomodel.analysis.channels import Channels
from iomodel.analysis.extraction import Extraction
from iomodel.analysis.influence import Influence
from iomodel.analysis.inverse import Inverse
from iomodel.analysis.linkages import Linkages
from iomodel.analysis.multipliers import Multipliers
from iomodel.analysis.paths import Paths
from iomodel.analysis.propagation import Propagation
from iomodel.analysis.sensitivity import Sensitivity
from iomodel.analysis.surface import Surface
from iomodel.analysis.uncertainty import Uncertainty
from iomodel.models.prices import PriceChange
from iomodel.plot.bars import bars
from iomodel.plot.densities import densities
from iomodel.plot.heatmap import heatmap
from iomodel.plot.iso import iso
from iomodel.plot.ladder import ladder
from iomodel.plot.linkages import linkages
from iomodel.plot.rounds import rounds
from iomodel.plot.sankey import sankey
from iomodel.plot.sobol import sobol
from iomodel.plot.stacked import stacked
from iomodel.plot.tiles import tiles
from iomodel.plot.tornado import tornado
from iomodel.plot.tree import tree
from iomodel.plot.waterfall import waterfall
from iomodel.results import register_pictures
from iomodel.studies.derivation import Derivation

register_pictures(Derivation, waterfall=waterfall, sankey=sankey, bars=bars, ladder=ladder)
register_pictures(Channels, sankey=sankey)
register_pictures(Uncertainty, densities=densities)
register_pictures(Sensitivity, tornado=tornado, sobol=sobol)
register_pictures(Inverse, iso=iso)
register_pictures(Surface, iso=iso)
register_pictures(Paths, tree=tree, rounds=rounds)
register_pictures(Linkages, linkages=linkages)
register_pictures(Propagation, heatmap=heatmap)
register_pictures(Influence, heatmap=heatmap)
register_pictures(Multipliers, stacked=stacked)
register_pictures(Extraction, stacked=stacked)
register_pictures(PriceChange, stacked=stacked)

__all__ = [
    "bars",
    "densities",
    "heatmap",
    "iso",
    "ladder",
    "linkages",
    "rounds",
    "sankey",
    "sobol",
    "stacked",
    "tiles",
    "tornado",
    "tree",
    "waterfall",
]
