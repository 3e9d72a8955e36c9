(function () {
  "use strict";
  var announce = document.getElementById("announce");
  function keyOf(cell) {
    var key = cell.getAttribute("data-key");
    return key === null ? cell.textContent.trim() : Number(key);
  }
  function compare(one, other) {
    var numbers = (typeof one === "number") + (typeof other === "number");
    if (numbers === 2) { return one - other; }
    if (numbers === 1) { return typeof one === "number" ? -1 : 1; }
    return one.localeCompare(other, document.documentElement.lang);
  }
  function sort(table, column, head) {
    var body = table.tBodies[0];
    var up = head.getAttribute("aria-sort") !== "ascending";
    var rows = Array.from(body.rows).map(function (row) {
      return { row: row, key: keyOf(row.cells[column]) };
    });
    rows.sort(function (one, other) {
      var order = compare(one.key, other.key);
      if (typeof one.key !== typeof other.key) { return order; }
      return up ? order : -order;
    });
    rows.forEach(function (item) { body.appendChild(item.row); });
    table.querySelectorAll("th[aria-sort]").forEach(function (other) {
      other.setAttribute("aria-sort", "none");
    });
    var order = up ? "ascending" : "descending";
    head.setAttribute("aria-sort", order);
    announce.textContent = announce.getAttribute("data-" + order).replace("%", head.textContent.trim());
  }
  document.querySelectorAll("table[data-sort]").forEach(function (table) {
    if (table.tBodies[0].rows.length < 3) { return; }
    Array.from(table.tHead.rows[0].cells).forEach(function (head, column) {
      var button = document.createElement("button");
      button.type = "button";
      while (head.firstChild) { button.appendChild(head.firstChild); }
      head.appendChild(button);
      head.setAttribute("aria-sort", "none");
      button.addEventListener("click", function () { sort(table, column, head); });
    });
  });
})();
