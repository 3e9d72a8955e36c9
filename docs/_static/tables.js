// Align columns of figures to the right in the tables that cells print.
document.addEventListener("DOMContentLoaded", () => {
  const figure = /^([-+−]?(0|[1-9][\d,]*)(\.\d+)?(e[-+]?\d+)?|nan)?$/i;
  const tables = ".cell_output table.dataframe, .cell_output .output.text_html > table";
  for (const table of document.querySelectorAll(tables)) {
    const body = [...(table.tBodies[0]?.rows ?? [])];
    const heads = [...(table.tHead?.rows ?? [])];
    const width = Math.max(0, ...body.map((row) => row.cells.length));
    for (let column = 0; column < width; column++) {
      const cells = body.map((row) => row.cells[column]).filter((cell) => cell?.tagName === "TD");
      const texts = cells.map((cell) => cell.textContent.trim());
      if (!texts.some((text) => text) || !texts.every((text) => figure.test(text))) continue;
      for (const cell of cells) cell.classList.add("figure");
      for (const row of heads) {
        const head = row.cells[column];
        if (row.cells.length === width && head.colSpan === 1) head.classList.add("figures");
      }
    }
  }
});
