"""A made-up national table as an office might publish it: Spanish labels, subtotals, a title."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import openpyxl

Array = npt.NDArray[np.float64]

NAMES = ["Agropecuario", "Minería", "Industria", "Construcción", "Comercio", "Servicios"]
FLOWS = np.array(
    [
        [12.0, 1, 40, 2, 3, 5],
        [1, 6, 22, 9, 1, 2],
        [18, 9, 75, 46, 24, 38],
        [1, 2, 3, 12, 6, 11],
        [7, 4, 31, 14, 10, 17],
        [9, 8, 44, 21, 36, 60],
    ]
)
FINALS = [
    "Consumo de hogares",
    "Consumo de gobierno",
    "Formación bruta de capital",
    "Exportaciones",
]
FINAL = np.array(
    [
        [60.0, 0, 5, 44],
        [1, 0, 4, 70],
        [170, 4, 60, 90],
        [4, 1, 150, 0],
        [120, 2, 12, 9],
        [190, 130, 14, 25],
    ]
)
IMPORTS = np.array([14.0, 8, 150, 0, 3, 22])
ADDED = ["Remuneraciones", "Impuestos netos sobre la producción", "Excedente bruto"]
SHARES = np.array([0.3, 0.25, 0.45, 0.6, 0.4, 0.55])
Edit = Callable[[Any], object]


def output() -> Array:
    """Uses less imports."""
    return np.asarray(FLOWS.sum(axis=1) + FINAL.sum(axis=1) - IMPORTS)


def added() -> Array:
    """Wages, taxes and the surplus that is left."""
    rest = output() - FLOWS.sum(axis=0)
    wages, taxes = np.round(SHARES * rest), np.round(0.05 * rest)
    return np.array([wages, taxes, rest - wages - taxes])


def office(folder: Path, edit: Edit | None = None, *, name: str = "mip.xlsx") -> Path:
    """Write notes, a table of flows (block C7:H12), its coefficients, and a hidden sheet."""
    book = openpyxl.Workbook()
    notes = book.active
    notes.title = "Notas"
    for line in ("Matriz de insumo-producto 2019", "Precios básicos", "Fuente: inventada"):
        notes.append([line])
    _flows(book.create_sheet("MIP"))
    _coefficients(book.create_sheet("Coeficientes"))
    hidden = book.create_sheet("Trabajo")
    hidden.append(["borrador"])
    hidden.sheet_state = "hidden"
    if edit is not None:
        edit(book)
    book.save(folder / name)
    return folder / name


def _flows(sheet: Any) -> None:
    x = output()
    sheet["A1"], sheet["A2"] = "Matriz de insumo-producto, 2019", "Precios básicos"
    sheet["A3"] = "Millones de pesos"
    heads = [*NAMES, "Total intermedio", *FINALS, "Demanda total", "Importaciones", "Producción"]
    for column, head in enumerate(heads, start=3):
        sheet.cell(6, column, head)
    for i, label in enumerate(NAMES):
        total = [float(FLOWS[i].sum())]
        ends = [float(FLOWS[i].sum() + FINAL[i].sum()), float(IMPORTS[i]), float(x[i])]
        _row(sheet, 7 + i, [str(i + 1), label, *FLOWS[i], *total, *FINAL[i], *ends])
    _row(sheet, 13, ["", "Total insumos", *FLOWS.sum(axis=0)])
    for k, label in enumerate(ADDED):
        _row(sheet, 14 + k, ["", label, *added()[k]])
    _row(sheet, 17, ["", "Valor agregado", *added().sum(axis=0)])
    _row(sheet, 18, ["", "Valor bruto de producción", *x])
    _row(sheet, 19, ["", "Ocupados (miles)", 9.0, 2, 7, 8, 11, 30])


def _coefficients(sheet: Any) -> None:
    sheet["A1"] = "Coeficientes técnicos, 2019"
    matrix = FLOWS / output()
    for j, label in enumerate(NAMES):
        sheet.cell(3, 2 + j, label)
    for i, label in enumerate(NAMES):
        _row(sheet, 4 + i, [label, *matrix[i]])


def _row(sheet: Any, row: int, values: list[Any]) -> None:
    for column, value in enumerate(values, start=1):
        sheet.cell(row, column, value if isinstance(value, str) else float(value))
