"""The same questions answered by one explicit inverse of the whole system, ordered [K, m, p, h].

Only inputs are shared with the package: the economy, the shares of new sectors, the demand.
"""

from dataclasses import dataclass

import numpy as np

from tests.identities.tables import HOUSEHOLDS, Activity, Array


@dataclass(frozen=True)
class Whole:
    """Coefficients, demand and jobs per unit of output of an activity."""

    coefficients: Array
    demand: Array
    intensity: Array
    first: int  # place of m

    @property
    def output(self) -> Array:
        return np.asarray(np.linalg.inv(np.eye(len(self.demand)) - self.coefficients) @ self.demand)

    @property
    def total(self) -> Array:
        return np.asarray(self.intensity @ self.output)

    def direct(self, boundary: tuple[str, ...]) -> Array:
        places = [self.first + ("m", "p").index(code) for code in boundary]
        return np.asarray(self.intensity[:, places] @ self.output[places])


def whole(activity: Activity, *, closed: bool, attributed: bool = False) -> Whole:
    """Lay out the system of an activity; everything at home counts, nothing imported."""
    economy, new = activity.economy, activity.sectors
    codes, n = economy.codes, len(economy.codes)
    local = economy.shares.to_numpy()
    size = n + len(new) + 1
    a, f = np.zeros((size, size)), np.zeros(size)
    a[:n, :n] = economy.coefficients
    wages = np.append(economy.wages, [sector.labour_income for sector in new])
    for place, sector in enumerate(new, start=n):
        for item in sector.bought:
            row = codes.index(item.sector)
            a[row, place] += item.share * local[row]
        for code, share in sector.from_new.items():
            a[n + [other.code for other in new].index(code), place] += share
    if closed:
        spent = economy.final[list(HOUSEHOLDS)].sum(axis=1).to_numpy()
        a[:n, -1] = local * spent / spent.sum()
        a[-1, :-1] = activity.propensity * wages
    for part in activity.demand:
        for code, amount in part.amounts.items():
            row = codes.index(code)
            f[row] += amount * local[row] * (1.0 if attributed else part.additional)
    x = np.array([sector.output for sector in new])
    f[n:-1] = x - a[n:-1, n:-1] @ x
    own = np.array([[sector.levels["employment"] / sector.output for sector in new]])
    tail = np.column_stack([own, [[0.0]]])
    intensity = np.column_stack([economy.intensity, np.repeat(tail, len(economy.intensity), 0)])
    return Whole(a, f, intensity, n)


def power_series(coefficients: Array, demand: Array, rounds: int) -> Array:
    """Output after 0, 1, ..., `rounds` rounds of production.

    Parameters
    ----------
    coefficients : ndarray, shape (n, n)
    demand : ndarray, shape (n,)
    rounds : int

    Returns
    -------
    ndarray, shape (rounds + 1, n)
        Row r is (I + A + ... + A^r) f, which rises to (I - A)^-1 f for a productive A >= 0.
        Miller and Blair (2009), equation 2.17.
    """
    out = np.empty((rounds + 1, len(demand)))
    out[0] = flow = demand
    for step in range(1, rounds + 1):
        flow = coefficients @ flow
        out[step] = out[step - 1] + flow
    return out
