  // The panel: reads its fields, has the chain computed, writes the results where they stand.
  var panel = document.getElementById("panel");
  var data = JSON.parse(document.getElementById("panel-data").textContent);
  var words = data.words;
  function grouped(text) {
    var parts = text.split(".");
    parts[0] = parts[0].replace(/\B(?=(\d{3})+$)/g, ",");
    return parts.join(".");
  }
  function shown(value, digits) {
    if (!Number.isFinite(value)) { return "\u2014"; }
    var text = grouped(Math.abs(value).toFixed(digits));
    return value < 0 && Number(text.replace(/,/g, "")) ? "\u2212" + text : text;
  }
  function plain(value) {
    if (!Number.isFinite(value)) { return "\u2014"; }
    var size = value ? Math.floor(Math.log10(Math.abs(value))) + 1 : 1;
    var text = shown(value, Math.min(Math.max(5 - Math.max(size, 1), 0), 12));
    return text.indexOf(".") < 0 ? text : text.replace(/\.?0+$/, "");
  }
  function all(query) { return Array.from(panel.querySelectorAll(query)); }
  var byId = Object.create(null);
  data.inputs.forEach(function (input) { byId[input.id] = input; });
  var controls = all("[data-input]").map(function (row) {
    var number = row.querySelector("input[type=number]"), slider = row.querySelector("input[type=range]");
    var hint = row.querySelector("[data-hint]"), input = byId[row.getAttribute("data-input")];
    return { row: row, number: number, slider: slider, hint: hint, input: input };
  });
  var figures = all("[data-of]"), centrals = all("[data-central]"), bars = all("[data-bar]"), marks = all("[data-mark]");
  var pattern = document.getElementById("panel-pattern");
  var warnings = document.getElementById("panel-warnings");
  var paradox = document.getElementById("panel-paradox");
  var status = document.getElementById("panel-status");

  // What is wrong with a value; empty text if nothing is.
  function fault(input, value) {
    if (!(value >= 0 && Number.isFinite(value))) { return words.number; }
    return input.share && value > 1 ? words.share : "";
  }
  function read() {
    var values = Object.create(null), faults = [];
    controls.forEach(function (control) {
      var text = control.number.value, value = text === "" ? NaN : Number(text);
      var wrong = fault(control.input, value);
      var outside = !wrong && (value < control.input.low || value > control.input.high);
      control.number.setAttribute("aria-invalid", wrong ? "true" : "false");
      control.row.classList.toggle("outside", outside);
      control.row.classList.toggle("moved", value !== control.input.central);
      control.hint.textContent = wrong || (outside ? words.outside : "");
      if (wrong) { faults.push(control.input.name + ": " + wrong); }
      values[control.input.id] = value;
    });
    return { values: values, faults: faults };
  }
  function picked(patterns) {
    var place = pattern ? data.patterns.indexOf(pattern.value) : 0;
    if (place >= 0) { return patterns[place]; }
    var mean = Object.create(null);
    Object.keys(patterns[0]).forEach(function (key) {
      mean[key] = patterns.reduce(function (sum, one) { return sum + one[key]; }, 0) / patterns.length;
    });
    return mean;
  }
  // A round number at or above: the scale of the bars stays while results move a little.
  function round(value) {
    var size = Math.pow(10, Math.floor(Math.log10(value)));
    return [1, 1.5, 2, 3, 5, 7.5, 10].map(function (step) { return step * size; }).find(function (step) {
      return step >= value;
    });
  }
  function scale(kind, found, central, more) {
    var values = bars.filter(function (bar) { return bar.getAttribute("data-bar") === kind; });
    var largest = values.reduce(function (most, bar) {
      var key = bar.getAttribute("data-key");
      return Math.max(most, found[key] || 0, central[key] || 0);
    }, more || 0);
    return largest > 0 && Number.isFinite(largest) ? round(largest) : 1;
  }
  function put(nodes, key, found) {
    nodes.forEach(function (node) {
      var value = found ? found[node.getAttribute(key)] : NaN;
      node.textContent = shown(value, Number(node.getAttribute("data-digits")));
      node.setAttribute("data-value", String(value));
    });
  }
  function write(found, central) {
    put(figures, "data-of", found);
    put(centrals, "data-central", central);
    var size = { ratio: scale("ratio", found || central, central, data.published || 0),
      channel: scale("channel", found || central, central) };
    bars.forEach(function (bar) {
      var value = found ? found[bar.getAttribute("data-key")] : 0;
      bar.style.width = Math.max(0, Math.min(100, 100 * value / size[bar.getAttribute("data-bar")])) + "%";
    });
    marks.forEach(function (mark) {
      var key = mark.getAttribute("data-key"), at = key ? central[key] : data.published;
      mark.style.left = 100 * at / size[mark.getAttribute("data-mark")] + "%";
    });
  }
  function list(texts) {
    warnings.replaceChildren.apply(warnings, texts.map(function (text) {
      var item = document.createElement("li");
      item.textContent = text;
      return item;
    }));
    warnings.hidden = !texts.length;
  }
  // More per direct job and fewer jobs, or the reverse: a ratio alone would mislead.
  function compare(found, central) {
    var ratio = "ratio " + data.headline, total = "total " + data.headline, text = "";
    if (found && found[ratio] > central[ratio] && found[total] < central[total]) { text = words.more_fewer; }
    if (found && found[ratio] < central[ratio] && found[total] > central[total]) { text = words.less_more; }
    paradox.textContent = text || words.paradox;
    paradox.classList.toggle("seen", text !== "");
  }
  var spoken = 0;
  function speak(found, texts) {
    var parts = {}, key = data.headline;
    if (found) {
      parts = { ratio: shown(found["ratio " + key], data.digits), direct: shown(found.direct, 0),
        indirect: shown(found["indirect " + key], 0), total: shown(found["total " + key], 0) };
    }
    var text = found ? words.status.replace(/\{(\w+)\}/g, function (whole, name) { return parts[name]; }) : "";
    window.clearTimeout(spoken);
    spoken = window.setTimeout(function () {
      status.textContent = [text].concat(texts).join(" ").trim();
    }, 500);
  }
  function show(values, faults) {
    var central = picked(outcome(data, {}).patterns), found = null, texts = faults;
    if (!faults.length) {
      var made = outcome(data, values);
      found = picked(made.patterns);
      texts = contradictions(data, made.quantities);
      if (!Number.isFinite(found["ratio " + data.headline])) { texts = [words.nothing].concat(texts); }
    }
    write(found, central);
    list(texts);
    compare(found, central);
    return { found: found, texts: texts };
  }
  function update() {
    var state = read(), result = show(state.values, state.faults);
    speak(result.found, result.texts);
  }
  // As many digits as a thousandth of the range needs.
  function tidy(value, input) {
    var digits = Math.max(0, 3 - Math.floor(Math.log10(input.high - input.low)));
    return Math.min(input.high, Math.max(input.low, Number(value.toFixed(Math.min(digits, 15)))));
  }
  function reset() {
    controls.forEach(function (control) {
      control.number.value = control.slider.value = String(control.input.central);
    });
    if (pattern) { pattern.value = ""; }
    update();
  }
  controls.forEach(function (control) {
    control.slider.addEventListener("input", function () {
      control.number.value = String(tidy(Number(control.slider.value), control.input));
      update();
    });
    control.number.addEventListener("input", function () {
      if (control.number.value !== "") { control.slider.value = control.number.value; }
      update();
    });
  });
  if (pattern) { pattern.addEventListener("change", update); }
  document.getElementById("panel-reset").addEventListener("click", reset);
  // On paper stands what the study says, not what somebody tried.
  window.addEventListener("beforeprint", function () {
    var chosen = pattern ? pattern.value : "";
    if (pattern) { pattern.value = ""; }
    show({}, []);
    if (pattern) { pattern.value = chosen; }
  });
  window.addEventListener("afterprint", update);
  reset();
  document.getElementById("panel-body").hidden = false;
  document.getElementById("panel-off").hidden = true;
