"""Insert sectors that no table has yet, and certify what was absorbed where."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from iomodel.accounts.checks import refuse_meaningless_columns
from iomodel.accounts.flows import Flows
from iomodel.accounts.imputation import Imputation
from iomodel.accounts.industry import IndustryAccount
from iomodel.accounts.insertion import Injection, Insertion
from iomodel.accounts.labels import Labels
from iomodel.accounts.satellite import Satellite
from iomodel.accounts.sectors import NewDemand, NewSector
from iomodel.accounts.table import IOTable
from iomodel.errors import AccountingError, LabelError, SpecError, listed
from iomodel.kernels.linear import Array
from iomodel.transforms.certificate import certify
from iomodel.transforms.impute import impute as filled, said


def insert(
    table: IOTable,
    sectors: IndustryAccount | NewSector | Sequence[NewSector],
    *,
    demand: Sequence[NewDemand] = (),
    impute: Mapping[str, Imputation] | None = None,
) -> IOTable:
    """Insert new sectors into a table of domestic flows.

    Parameters
    ----------
    table : IOTable
        Domestic flows, with the domestic shares they were separated with. A table without
        imports is taken as wholly domestic.
    sectors : IndustryAccount, NewSector or sequence of NewSector
        What to insert. An account brings its consumer demand along.
    demand : sequence of NewDemand, optional
        Final demand for base sectors that the activity brings, beside that of an account.
    impute : mapping of sector code to Imputation, optional
        How purchases that a sector does not know are filled (`Imputation`): by the pattern of
        a base sector, scaled to what remains of the output, or by its purchases per worker.
        Absent: nothing is filled; purchases that are not stated are none.

    Returns
    -------
    IOTable
        n + b sectors that balance by row and column. ``insertion`` keeps the increment and
        its items; ``certificate`` is an `InsertionCertificate`: what was absorbed where, row
        and column residuals, every base sector's output multiplier before and after.

    Raises
    ------
    LabelError
        For a code that the table has already, and for unknown base sectors, all at once.
    AccountingError
        If the table is competitive, has imports but no domestic shares while purchases include
        imports, currencies differ, or labour and demand are of different price years or bases.
    SpecError
        If a sector states no level for a satellite of the table, or unknown purchases cannot
        be filled.

    Notes
    -----
    The insertion is incremental: A_KK, labour income and labour coefficients of the base
    stay as they are. Purchases are split by the domestic shares of the table,
    A_KB = d * shares. With x_B given, x_K = (I - A_KK)^-1 (A_KB x_B + f_K) is the output
    that the activity causes; final demand for the new sectors closes their rows,
    f_B = (I - A_BB) x_B, and may be negative (payouts above cost: producers' profit).
    Purchases that are stated as domestic (``domestic=True``) are taken as they are.

    Examples
    --------
    >>> import iomodel as iom
    >>> china = iom.domestic(iom.read(iom.example("china-2020")))
    >>> new = iom.NewSector(
    ...     code="x", output=1e9, purchases={"01001": 0.2}, labour_income=0.5,
    ...     levels={"employment": 5_000.0}, currency="CNY", price_year=2025, basis="heads",
    ... )
    >>> grown = iom.insert(china, new)
    >>> len(grown) - len(china), grown.labels.codes[-1]
    (1, 'x')
    """
    if isinstance(sectors, IndustryAccount):
        demand = (*sectors.demand, *demand)
        sectors = sectors.sectors
    new = (sectors,) if isinstance(sectors, NewSector) else tuple(sectors)
    _domestic_only(table, [*new, *demand])
    _check(table, new, demand)
    new, imputed = filled(table, new, impute or {})
    refuse_meaningless_columns(table.flows, table.labels)
    plan = _plan(table, new, demand)
    columns = _new_columns(demand)
    satellites = {
        name: _grown(satellite, plan, new, table.flows.output, columns)
        for name, satellite in table.satellites.items()
    }
    extra = Labels(
        codes=tuple(sector.code for sector in new),
        names={lang: tuple(s.names.get(lang, "") for s in new) for lang in ("en", "zh")},
    )
    shares = table.domestic_shares
    result = table.replace(
        labels=table.labels.extended(extra),
        final_labels=table.final_labels.extended(columns),
        flows=_flows(table, plan, new, demand),
        satellites=satellites,
        insertion=plan.insertion,
        domestic_shares=None
        if shares is None
        else type(shares)(
            method=shares.method,
            intermediate=np.append(shares.intermediate, np.ones(len(new))),
            consumption=np.append(shares.consumption, np.ones(len(new))),
        ),
        meta=table.meta.after(
            "insert", "; ".join(filter(None, [", ".join(extra.codes), said(imputed)]))
        ),
    )
    return result.replace(certificate=certify(table, result, imputed))


class _Plan(NamedTuple):
    """The blocks of the new system, amounts in the unit of the table."""

    insertion: Insertion
    columns: Array
    corner: Array
    imported: Array
    outer: Array
    demand_imported: Array


def _domestic_only(table: IOTable, parts: Sequence[NewSector | NewDemand]) -> None:
    if table.meta.import_treatment == "competitive":
        raise AccountingError(
            f"{table.meta.title!r} is competitive: separate imports first, "
            "iom.insert(iom.domestic(table), ...)."
        )
    if table.insertion is not None:
        raise AccountingError(
            f"{table.meta.title!r} has inserted sectors already: insert all of them at once."
        )
    rows = table.primary_labels.in_group("imports")
    imported = table.flows.primary_inputs[rows].any() or table.flows.final_primary[rows].any()
    split = table.domestic_shares is None and not all(part.domestic for part in parts)
    if table.meta.import_treatment == "domestic" and imported and split:
        raise AccountingError(
            f"{table.meta.title!r} has imports (row {table.primary_labels.codes[rows[0]]}), but no "
            "domestic shares by product to split the purchases of new sectors with. If it was "
            "aggregated, insert into the table before aggregating, or aggregate the competitive "
            "table first: iom.insert(iom.domestic(iom.aggregate(table, ...)), ...). Purchases of "
            "domestic products alone need none: state them so (purchases = domestic in the sheet "
            "about of a study, domestic=True in iom.NewSector)."
        )
    if not len(rows) and any(part.imports for part in parts if isinstance(part, NewSector)):
        raise AccountingError(
            f"{table.meta.title!r} has no primary input row with the role imports to hold the "
            "imports of new sectors."
        )


def _check(table: IOTable, new: tuple[NewSector, ...], demand: Sequence[NewDemand]) -> None:
    """Refuse unknown codes, mixed currencies, price years and bases, all at once."""
    if not new:
        raise SpecError("no sector to insert.")
    if len(set(table.labels.regions)) > 1:
        raise LabelError(
            f"{table.meta.title!r} has several regions: a sector can be inserted into a table of "
            "one region."
        )
    known = set(table.labels.codes)
    codes = [sector.code for sector in new]
    problems = [f"{code}: the table has this code already" for code in codes if code in known]
    problems += [f"{code}: inserted twice" for code in set(codes) if codes.count(code) > 1]
    for sector in new:
        problems += [
            f"{item.address or sector.code}: unknown sector code {item.sector!r} ({item.item})"
            for item in sector.bought
            if item.sector not in known
        ]
        problems += [
            f"{sector.code}: buys from {code!r}, which is not inserted"
            for code in sector.from_new
            if code not in codes
        ]
    problems += [
        f"{part.item}: unknown sector code {code!r}"
        for part in demand
        for code in part.amounts
        if code not in known
    ]
    if problems:
        raise LabelError(f"{len(problems)} problems with sector codes:\n  {listed(problems)}")
    parts: list[NewSector | NewDemand] = [*new, *demand]
    _one_currency(table, parts)
    _one_price_year(table, parts)
    for satellite in table.satellites.values():
        _one_basis(satellite, new)


def _one_currency(table: IOTable, parts: Sequence[NewSector | NewDemand]) -> None:
    used = {part.currency for part in parts if part.currency} | {table.meta.currency} - {""}
    if len(used) > 1:
        raise AccountingError(f"currencies are mixed: {', '.join(sorted(used))}.")


def _one_price_year(table: IOTable, parts: Sequence[NewSector | NewDemand]) -> None:
    years = {part.price_year for part in parts if part.price_year is not None}
    if len(years) > 1:
        raise AccountingError(
            f"new sectors and demand are of price years {sorted(years)}: use one."
        )
    if not years or table.meta.price_year is None:
        return
    year = years.pop()
    for name, satellite in table.satellites.items():
        own = satellite.year if satellite.growth is not None else table.meta.price_year
        if own is not None and own != year:
            raise AccountingError(
                f"price years are mixed: coefficients of satellite {name!r} are at prices of "
                f"{own}, demand at prices of {year}. Give the satellite of {year} with the "
                f"nominal growth of output {table.meta.price_year}-{year}."
            )


def _one_basis(satellite: Satellite, new: tuple[NewSector, ...]) -> None:
    if satellite.units:
        raise AccountingError(
            f"satellite {satellite.name!r} has rows in several units ({satellite.unit_text}), a "
            "new sector states one level: give the table a satellite for each unit, or leave it "
            "out: table.replace(satellites=...)."
        )
    for sector in new:
        if satellite.name not in sector.levels:
            raise SpecError(
                f"sector {sector.code!r} states no level for the satellite {satellite.name!r}: "
                f"give levels={{{satellite.name!r}: ...}}, zero if there is none."
            )
        if satellite.counts_jobs and sector.basis != satellite.basis:
            raise AccountingError(
                f"bases are mixed: {satellite.name!r} counts {satellite.basis or 'not stated'}, "
                f"sector {sector.code!r} counts {sector.basis or 'not stated'}. State the same "
                "basis for both (iom.Satellite(..., basis=...), iom.NewSector(..., basis=...)), or "
                "bring heads to full-time jobs with iom.full_time."
            )


def _plan(table: IOTable, new: tuple[NewSector, ...], demand: Sequence[NewDemand]) -> _Plan:
    n, unit = len(table), table.meta.unit_size
    shares, own = table.domestic_shares, np.ones(n)
    intermediate = own if shares is None else shares.intermediate
    consumption = own if shares is None else shares.consumption
    output = np.array([sector.output / unit for sector in new])
    items = list(dict.fromkeys(
        (Injection(b.item, b.channel, s.code)) for s in new for b in s.bought
    ))  # fmt: skip
    spent = np.zeros((n, len(items) + len(demand)))
    for position, sector in enumerate(new):
        for bought in sector.bought:
            column = items.index(Injection(bought.item, bought.channel, sector.code))
            row = int(table.labels.positions([bought.sector])[0])
            spent[row, column] += bought.share * output[position]
    additional = spent.copy()
    for column, part in enumerate(demand, start=len(items)):
        rows = table.labels.positions(part.amounts)
        spent[rows, column] = np.array(list(part.amounts.values())) / unit
        additional[:, column] = spent[:, column] * part.additional
    inside = {sector.code: own if sector.domestic else intermediate for sector in new}
    kept = [inside[item.buyer] for item in items]
    kept += [own if part.domestic else consumption for part in demand]
    split = np.column_stack(kept or [np.zeros((n, 0))])
    local = additional * split
    buyers = np.array([item.buyer for item in items] + [""] * len(demand))
    columns = np.column_stack([local[:, buyers == s.code].sum(axis=1) for s in new]) / output
    imported = np.array([(additional - local)[:, buyers == sector.code].sum() for sector in new])
    imported += output * [sector.imports for sector in new]
    corner = np.array([[buyer.from_new.get(s.code, 0.0) for buyer in new] for s in new])
    outer = local[:, len(items) :]
    caused = table.flows.solver.solve(columns @ output + outer.sum(axis=1))
    insertion = Insertion(
        base=n,
        price_year=next((s.price_year for s in new if s.price_year is not None), None),
        unit=table.meta.unit,
        injections=(*items, *(Injection(part.item, part.channel, "") for part in demand)),
        domestic=local,
        attributed=spent * split,
        output=output,
        final_demand=output - corner @ output,
        increment=np.append(caused, output),
        staff=tuple(sector.channel or f"{sector.code}_staff" for sector in new),
        base_solver=table.flows.solver,
    )
    leaked = (additional - local)[:, len(items) :].sum(axis=0)
    return _Plan(insertion, columns, corner, imported, outer, leaked)


def _new_columns(demand: Sequence[NewDemand]) -> Labels:
    codes = ("new_activity", *(part.item for part in demand))
    english = ("Final demand for inserted sectors", *(part.channel for part in demand))
    return Labels(codes=codes, names={"en": english}, groups=("new demand",) * len(codes))


def _flows(
    table: IOTable, plan: _Plan, new: tuple[NewSector, ...], demand: Sequence[NewDemand]
) -> Flows:
    """Return base levels plus the increment; coefficients stay as before."""
    old, ins = table.flows, plan.insertion
    n, b = ins.base, len(new)
    total = old.output + ins.increment[:n]
    scale = total / np.where(old.output == 0.0, 1.0, old.output)
    z = np.zeros((n + b, n + b))
    z[:n, :n] = old.intermediate * scale
    z[:n, n:] = plan.columns * ins.output
    z[n:, n:] = plan.corner * ins.output
    k, p = old.final_demand.shape[1], len(old.primary_inputs)
    f = np.zeros((n + b, k + 1 + len(demand)))
    f[:n, :k], f[n:, k], f[:n, k + 1 :] = old.final_demand, ins.final_demand, plan.outer
    v = np.zeros((p, n + b))
    v[:, :n] = old.primary_inputs * scale
    pay, imports, other = _primary_rows(table)
    outer = np.zeros((p, k + 1 + len(demand)))
    outer[:, :k] = old.final_primary
    for j, sector in enumerate(new):
        v[pay, n + j] += sector.labour_income * ins.output[j]
        v[other, n + j] += sector.other_value_added * ins.output[j]
    if imports is not None:
        v[imports, n:] += plan.imported
        outer[imports, k + 1 :] += plan.demand_imported
    return Flows(
        intermediate=z,
        final_demand=f,
        primary_inputs=v,
        output=np.append(total, ins.output),
        imports=np.zeros(n + b),
        final_primary=outer,
    )


def _primary_rows(table: IOTable) -> tuple[int, int | None, int]:
    """Rows that take labour income, imports and other value added of new sectors."""
    labels = table.primary_labels
    imports = labels.in_group("imports")
    inner = [i for i in range(len(labels)) if i not in imports]
    pay = labels.in_group("compensation")
    if len(pay) != 1 and len(inner) != 1:
        raise AccountingError(
            f"no single primary input row has the role compensation ({', '.join(labels.codes)}): "
            'name it with primary_roles={"...": "compensation"}.'
        )
    row = int(pay[0]) if len(pay) == 1 else inner[0]
    surplus = labels.in_group("operating surplus")
    rest = [i for i in inner if i != row]
    other = int(surplus[0]) if len(surplus) else (rest[-1] if rest else row)
    return row, (int(imports[0]) if len(imports) else None), other


def _grown(
    satellite: Satellite,
    plan: _Plan,
    new: tuple[NewSector, ...],
    output: Array,
    columns: Labels,
) -> Satellite:
    """Levels with base coefficients unchanged and the inserted sectors' own levels behind.

    New columns of final demand have no levels of their own; those of the others stay.
    """
    n = plan.insertion.base
    scale = 1.0 + plan.insertion.increment[:n] / np.where(output == 0.0, 1.0, output)
    own = np.array([sector.levels[satellite.name] / satellite.unit_value for sector in new])
    levels = np.column_stack([satellite.values * scale, np.tile(own, (len(satellite.rows), 1))])
    growth, final = satellite.growth, satellite.final
    return Satellite(
        name=satellite.name,
        rows=satellite.rows,
        values=levels,
        unit=satellite.unit,
        unit_value=satellite.unit_value,
        year=satellite.year,
        growth=None if growth is None else np.append(growth, np.ones(len(new))),
        basis=satellite.basis,
        source=satellite.source,
        final=None if final is None else np.pad(final, ((0, 0), (0, len(columns)))),
    )
