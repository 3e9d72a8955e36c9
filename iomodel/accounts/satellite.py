"""Satellite accounts: rows in other units beside the table, such as employment."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from iomodel.accounts.labels import Labels
from iomodel.errors import AccountingError, LabelError
from iomodel.kernels.linear import Array
from iomodel.results import Shown

Basis = Literal["", "heads", "fte", "work-days"]


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Satellite(Shown):
    """Rows by sector in a unit of their own.

    Parameters
    ----------
    name : str
        What the account is called (``employment``).
    rows : Labels
        One label per row: alternative estimates of the same thing, such as employment by
        three sources. Different things (men and women) are satellites of their own, but for
        the stressors of an environmental extension, which `units` tells apart.
    values : ndarray, shape (r, n)
        Levels by row and sector, in `unit`.
    unit : str
        Unit of the levels.
    unit_value : float
        How many persons (tonnes, ...) one unit is: 10,000 for ``10,000 persons``.
    year : int, optional
        Year of the levels.
    growth : ndarray, shape (n,), optional
        Nominal growth of output from the table's year to the satellite's. Needed wherever
        the years differ: coefficients are levels over output of the *same* year.
    basis : {"", "heads", "fte", "work-days"}
        What a job is; bases are never mixed.
    source : str
        Where the levels come from.
    units : sequence of str, optional
        One unit per row, where the rows are different stressors (kg of carbon dioxide, TJ of
        energy). If they agree and `unit` is empty, `unit` is theirs.
    final : ndarray, shape (r, k), optional
        Levels that final demand causes itself, by row and final demand column, such as
        emissions of households. They are no part of coefficients and multipliers.

    Raises
    ------
    LabelError
        If a shape does not fit the rows, or `unit` is not that of every row.
    AccountingError
        If a value or a growth factor is not a finite number.

    Examples
    --------
    >>> import iomodel as iom
    >>> import numpy as np
    >>> jobs = iom.Satellite(
    ...     name="employment", rows=iom.Labels(codes=("persons",)), unit="persons",
    ...     values=np.array([[3.0, 5.0]]),
    ... )
    >>> jobs.rows.codes, jobs.unit
    (('persons',), 'persons')
    """

    name: str
    rows: Labels
    values: Array
    unit: str = ""
    unit_value: float = 1.0
    year: int | None = None
    growth: Array | None = None
    basis: Basis = ""
    source: str = ""
    units: tuple[str, ...] = ()
    final: Array | None = None

    def __post_init__(self) -> None:
        values = np.array(self.values, dtype=np.float64)
        final = None if self.final is None else np.array(self.final, dtype=np.float64)
        for part, what in ((values, "shape"), (final, "final demand of shape")):
            if part is not None and (part.ndim != 2 or len(part) != len(self.rows)):
                raise LabelError(
                    f"satellite {self.name!r}: {len(self.rows)} rows but {what} {part.shape}."
                )
        self._check_units()
        growth = None if self.growth is None else np.array(self.growth, dtype=np.float64)
        parts = ((values, "values"), (growth, "growth factors"), (final, "levels of final demand"))
        for part, what in parts:
            if part is not None and not np.all(np.isfinite(part)):
                spots = np.argwhere(~np.isfinite(part)).tolist()
                raise AccountingError(
                    f"satellite {self.name!r}: {len(spots)} {what} are not numbers, at positions "
                    f"{spots[:10]}. Give every sector a number."
                )
            if part is not None:
                part.flags.writeable = False
        if growth is not None and growth.shape != values.shape[1:]:
            raise LabelError(
                f"satellite {self.name!r}: growth has shape {growth.shape}, one factor for each "
                f"of {values.shape[1]} sectors is needed."
            )
        if growth is not None and (growth <= 0).any():
            raise AccountingError(f"satellite {self.name!r}: growth factors must be above zero.")
        if growth is not None and self.year is None:
            raise AccountingError(
                f"satellite {self.name!r}: growth of output leads to a year; give `year`."
            )
        if self.counts_jobs and (values < 0).any():
            below = np.flatnonzero((values < 0).any(axis=0)).tolist()
            raise AccountingError(
                f"satellite {self.name!r}: negative jobs in {len(below)} sectors, at positions "
                f"{below[:20]}."
            )
        object.__setattr__(self, "values", values)
        object.__setattr__(self, "growth", growth)
        object.__setattr__(self, "final", final)

    def _check_units(self) -> None:
        """Bring `unit` and `units` together: one unit stands for all rows, or each has its own."""
        units = tuple(self.units)
        if units and len(units) != len(self.rows):
            raise LabelError(
                f"satellite {self.name!r}: {len(units)} units for {len(self.rows)} rows; give one "
                "for each."
            )
        other = [unit for unit in dict.fromkeys(units) if self.unit and unit != self.unit]
        if other:
            raise LabelError(
                f"satellite {self.name!r}: its unit is {self.unit!r}, but rows have {other[:10]}. "
                "Give `unit` or `units`."
            )
        if len(set(units)) == 1:
            object.__setattr__(self, "unit", units[0])
            units = ()
        object.__setattr__(self, "units", units)

    def __repr__(self) -> str:
        codes = self.rows.codes
        rows = ", ".join(codes if len(codes) < 8 else (*codes[:3], "...", codes[-1]))
        year = f", {self.year}" if self.year else ""
        return (
            f"<Satellite> {self.name} ({rows}): {self.unit_text or 'no unit'}{year}, {self.basis}"
        )

    @property
    def unit_text(self) -> str:
        """The unit of all rows, or the units that rows have."""
        units = tuple(filter(None, dict.fromkeys(self.units)))
        shown = units if len(units) < 6 else (*units[:4], f"{len(units) - 4} other units")
        return self.unit or ", ".join(shown)

    @property
    def counts_jobs(self) -> bool:
        """True if the account counts jobs: it states a basis, or is called employment."""
        return bool(self.basis) or self.name == "employment"

    def scaled(self, factors: Array, *, unit: str = "", basis: Basis = "") -> "Satellite":
        """Return the account with every sector's levels multiplied by a factor.

        Parameters
        ----------
        factors : ndarray, shape (n,)
            One factor per sector, such as job-years per person.
        unit, basis : str
            Unit and basis of the new levels; as before if empty.

        Raises
        ------
        AccountingError
            If final demand has levels of its own: no factor is theirs.
        """
        if self.final is not None:
            raise AccountingError(
                f"satellite {self.name!r}: final demand has levels of its own, for which there is "
                "no factor. Give a satellite without `final`."
            )
        return replace(
            self,
            values=self.values * np.asarray(factors, dtype=np.float64),
            unit=unit or self.unit,
            units=() if unit else self.units,
            basis=basis or self.basis,
        )

    def intensity(self, output: Array, *, price_year: int | None) -> Array:
        """Levels per unit of output at the satellite's own prices.

        Parameters
        ----------
        output : ndarray, shape (n,)
            Output of the table, in its unit.
        price_year : int or None
            Price year of that output.

        Returns
        -------
        ndarray, shape (r, n)
            e_i = N_i / (x_i g_i) in units of the account per unit of output, g the growth of
            output to the satellite's year. Miller and Blair (2009), section 6.2.

        Raises
        ------
        AccountingError
            If the years differ and no growth is given, growth is given and the price year is
            not stated, or output is zero where levels are not.
        """
        if self.growth is not None and price_year is None:
            raise AccountingError(
                f"satellite {self.name!r} of {self.year} carries growth of output, but the price "
                "year of the table is not stated: give it, or the satellite no growth."
            )
        years_differ = None not in (self.year, price_year) and self.year != price_year
        if years_differ and self.growth is None:
            raise AccountingError(
                f"satellite {self.name!r} is of {self.year}, output is at prices of {price_year}: "
                "coefficients of different price years must not be mixed. Give the nominal growth "
                f"of output {price_year}-{self.year} by sector."
            )
        base = output * self.growth if years_differ and self.growth is not None else output
        empty = (base == 0.0) & (self.values != 0.0).any(axis=0)
        if empty.any():
            raise AccountingError(
                f"satellite {self.name!r}: {int(empty.sum())} sectors have levels but no output, "
                f"at positions {np.flatnonzero(empty).tolist()[:20]}."
            )
        return self.values / np.where(base == 0.0, 1.0, base)

    def to_frame(self, sectors: Labels) -> pd.DataFrame:
        """Return the levels as a fresh frame, rows by sectors."""
        return pd.DataFrame(np.array(self.values), index=self.rows.index, columns=sectors.index)
