"""Input-output economics: tables, models, multipliers, and a new industry's place in them.

Tables are read (`read`) or built (`table`), turned into domestic flows (`domestic`), extended
by industries that no table has yet (`insert`), linked (`link`) and balanced (`balance`), made
into models (`leontief`, `close_households`) and asked questions (`multipliers`, `paths`,
`channels`, `derive`); answers are drawn (``result.plot()``) and written (`write`).
"""

from iomodel import errors, plot as plot
from iomodel.accounts.assumptions import Assumption
from iomodel.accounts.build import table
from iomodel.accounts.concordance import Concordance
from iomodel.accounts.imputation import Imputation
from iomodel.accounts.industry import IndustryAccount
from iomodel.accounts.labels import Labels
from iomodel.accounts.matrix import Matrix as Matrix
from iomodel.accounts.meta import Meta
from iomodel.accounts.satellite import Satellite
from iomodel.accounts.sectors import NewDemand, NewSector
from iomodel.accounts.supply_use import SupplyUseTable
from iomodel.accounts.supply_use_build import supply_use
from iomodel.accounts.table import IOTable
from iomodel.analysis.channels import Channels as Channels, channels
from iomodel.analysis.elementary import (
    ElementaryPaths as ElementaryPaths,
    elementary_paths as elementary_paths,
)
from iomodel.analysis.extraction import Extraction as Extraction, extraction
from iomodel.analysis.income import IncomeFlows as IncomeFlows
from iomodel.analysis.influence import Influence as Influence, influence
from iomodel.analysis.inverse import Inverse as Inverse, inverse
from iomodel.analysis.linkages import Linkages as Linkages, linkages
from iomodel.analysis.multipliers import Multipliers as Multipliers, multipliers
from iomodel.analysis.paths import Paths as Paths, paths
from iomodel.analysis.propagation import Propagation as Propagation, propagation
from iomodel.analysis.sensitivity import Sensitivity as Sensitivity, sensitivity
from iomodel.analysis.surface import Surface as Surface
from iomodel.analysis.uncertainty import Uncertainty as Uncertainty, uncertainty
from iomodel.analysis.upstreamness import Upstreamness as Upstreamness, upstreamness
from iomodel.errors import (
    AccountingError as AccountingError,
    BadCellsError as BadCellsError,
    ExecutionError as ExecutionError,
    IdentityError as IdentityError,
    ImbalanceWarning as ImbalanceWarning,
    IOModelError as IOModelError,
    IOModelWarning as IOModelWarning,
    LabelError as LabelError,
    MissingLibraryError as MissingLibraryError,
    NegativeFlowWarning as NegativeFlowWarning,
    NotConvergedError as NotConvergedError,
    NotProductiveError as NotProductiveError,
    PictureError as PictureError,
    ReadError as ReadError,
    SpecError as SpecError,
    UnknownLayoutError as UnknownLayoutError,
)
from iomodel.models.ghosh import Ghosh as Ghosh, ghosh
from iomodel.models.households import ClosedLeontief as ClosedLeontief, close_households
from iomodel.models.leontief import Leontief as Leontief, leontief
from iomodel.models.miyazawa import ClosedGroups as ClosedGroups
from iomodel.models.prices import PriceChange as PriceChange, prices
from iomodel.models.sam import SAM as SAM, Rounds as Rounds, sam
from iomodel.readers.concordance import built_in as concordance, read_concordance
from iomodel.readers.examples import example
from iomodel.readers.inspection import Inspection as Inspection, inspect
from iomodel.readers.iosystem import from_pymrio
from iomodel.readers.published import read_published
from iomodel.readers.registry import read
from iomodel.readers.study import read_sectors
from iomodel.report.page import report
from iomodel.studies.comparison import Comparison as Comparison, compare
from iomodel.studies.derivation import Derivation as Derivation, derive
from iomodel.transforms.aggregate import aggregate
from iomodel.transforms.balance import Balanced as Balanced, gras, ras
from iomodel.transforms.balance_table import balance
from iomodel.transforms.deflate import deflate
from iomodel.transforms.domestic import domestic
from iomodel.transforms.full_time import full_time
from iomodel.transforms.insert import insert
from iomodel.transforms.link import link
from iomodel.transforms.link_certificate import Linking as Linking
from iomodel.transforms.regional_audit import Regionalisation as Regionalisation
from iomodel.transforms.regionalise import regionalise
from iomodel.transforms.split import split
from iomodel.transforms.split_range import SplitRange as SplitRange, split_range
from iomodel.transforms.sut_to_iot import sut_to_iot
from iomodel.version import VERSION
from iomodel.writers.iosystem import to_pymrio
from iomodel.writers.table import write
from iomodel.writers.template import template

__version__ = VERSION

__all__ = [
    "Assumption",
    "Concordance",
    "IOTable",
    "Imputation",
    "IndustryAccount",
    "Labels",
    "Meta",
    "NewDemand",
    "NewSector",
    "Satellite",
    "SupplyUseTable",
    "aggregate",
    "balance",
    "channels",
    "close_households",
    "compare",
    "concordance",
    "deflate",
    "derive",
    "domestic",
    "errors",
    "example",
    "extraction",
    "from_pymrio",
    "full_time",
    "ghosh",
    "gras",
    "influence",
    "insert",
    "inspect",
    "inverse",
    "leontief",
    "link",
    "linkages",
    "multipliers",
    "paths",
    "prices",
    "propagation",
    "ras",
    "read",
    "read_concordance",
    "read_published",
    "read_sectors",
    "regionalise",
    "report",
    "sam",
    "sensitivity",
    "split",
    "split_range",
    "supply_use",
    "sut_to_iot",
    "table",
    "template",
    "to_pymrio",
    "uncertainty",
    "upstreamness",
    "write",
]


def __dir__() -> list[str]:
    """Return the public door: verbs and nouns, for tab completion.

    Errors (`errors`) and the classes that verbs return can be reached by name as well.
    """
    return sorted([*__all__, "__version__"])
