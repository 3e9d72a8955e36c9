  // The chain of a study in its reduced form: what one unit of spending on each item sets off in
  // the base sectors is given (data.reach); everything else follows the declared formulas.
  function named(data, inputs) {
    var q = Object.create(null);
    data.inputs.forEach(function (input) {
      var value = input.id in inputs ? inputs[input.id] : input.central;
      q[input.id] = input.size === 1 ? value : value * input.size;
    });
    data.named.forEach(function (row) {
      var idle = row.sector && q["output_" + row.sector] === 0;
      q[row.name] = idle ? 0 : formulas[row.formula](q);
    });
    return q;
  }
  function of(q, name, otherwise) { return name in q ? q[name] : otherwise; }
  function none(count) { return new Array(count).fill(0); }
  function caused(data, q, extra) {
    var r = data.patterns.length, farm = of(q, "farming", 1), each = 1 / of(q, "productivity", 1);
    var found = { jobs: Object.create(null), supply: none(r), core: 0, spill: 0, spent: 0, counted: 0 };
    data.groups.forEach(function (group) {
      var scale = group.buyer ? q["output_" + group.buyer] : 1;
      var reached = none(2 * r + 1), whole = 0;
      group.items.forEach(function (item) {
        var amount = scale === 0 ? 0 : formulas[item.formula](q);
        whole += amount * item.whole;
        data.reach[item.place].forEach(function (reach, k) { reached[k] += reach * amount; });
      });
      reached = reached.map(function (value) { return value * scale; });
      var jobs = found.jobs[group.channel] = found.jobs[group.channel] || none(r);
      for (var k = 0; k < r; k += 1) {
        var set = (reached[k] * farm + reached[r + k]) * each;
        jobs[k] += set;
        if (group.buyer === data.direct) { found.supply[k] += set; }
      }
      if (group.buyer) {
        found.core += reached[2 * r];
      } else {
        found.spill += reached[2 * r] * extra[group.channel];
        found.spent += whole;
        found.counted += whole * extra[group.channel];
      }
    });
    data.sectors.forEach(function (sector) {
      if (sector.code === data.direct) { return; }
      var staff = q["jobs_" + sector.code];
      found.jobs[sector.channel] = (found.jobs[sector.channel] || none(r)).map(function (jobs) {
        return jobs + staff;
      });
    });
    return found;
  }
  function household(data, q, found) {
    if (!data.respent) { return null; }
    var chi = q.respending;
    var rounds = chi / (1 - chi * data.household[2 * data.patterns.length]);
    var core = found.core;
    data.sectors.forEach(function (sector) {
      core += q["labour_income_" + sector.code] * q["output_" + sector.code];
    });
    return { core: rounds * core, all: rounds * (core + found.spill) };
  }
  function market(data, q) {
    return data.sectors.reduce(function (sum, sector) {
      var output = q["output_" + sector.code];
      if (output === 0) { return sum; }
      return sum + sector.from.reduce(function (left, formula) {
        return left - formulas[formula](q) * output;
      }, output);
    }, 0);
  }
  // Every result of one employment pattern by name: "ratio chain", "channel tourism", "net".
  function results(data, q, found, home, extra, k) {
    var r = data.patterns.length, direct = q["jobs_" + data.direct], perDirect = 1 / direct;
    var farm = of(q, "farming", 1), each = 1 / of(q, "productivity", 1);
    var perSpending = (data.household[k] * farm + data.household[r + k]) * each;
    var out = Object.create(null), ratio = Object.create(null), chain = 0, additional = 0, gross = 0;
    data.channels.forEach(function (code) { out["channel " + code] = 0; });
    Object.keys(found.jobs).forEach(function (code) {
      var share = found.jobs[code][k] * perDirect;
      if (code in extra) {
        additional += share * extra[code];
        gross += share;
        share *= extra[code];
      } else {
        chain += share;
      }
      out["channel " + code] = share;
    });
    ratio.supply = found.supply[k] * perDirect;
    ratio.chain = chain;
    ratio["chain+consumer"] = chain + additional;
    ratio["chain+consumer-gross"] = chain + gross;
    if (home) {
      var core = perSpending * perDirect * home.core;
      var spill = perSpending * perDirect * (home.all - home.core);
      ratio["chain+households"] = chain + core;
      ratio.all = chain + additional + core + spill;
      if ("channel induced_core" in out) { out["channel induced_core"] = core; }
      if ("channel induced_spill" in out) { out["channel induced_spill"] = spill; }
    }
    var final = market(data, q);
    out.direct = direct;
    data.scopes.forEach(function (scope) {
      var demand = { none: final, additional: final + found.counted, attributed: final + found.spent };
      var indirect = ratio[scope.code] * direct;
      out["ratio " + scope.code] = ratio[scope.code];
      out["indirect " + scope.code] = indirect;
      out["total " + scope.code] = direct + indirect;
      out["rate " + scope.code] = (direct + indirect) * 1e6 /
        (scope.code === "supply" ? q["output_" + data.direct] : demand[scope.spending]);
    });
    out.gross = ratio[data.fullest] * direct;
    out.lost = of(q, "displaced", 0) * perSpending;
    out.staying = of(q, "moved", 0) * direct;
    out.net = out.gross - out.lost - out.staying;
    return out;
  }
  function outcome(data, inputs) {
    var q = named(data, inputs), extra = Object.create(null);
    data.additional.forEach(function (row) { extra[row.channel] = formulas[row.formula](q); });
    var found = caused(data, q, extra), home = household(data, q, found);
    return {
      quantities: q,
      patterns: data.patterns.map(function (name, k) { return results(data, q, found, home, extra, k); })
    };
  }
  // What the inputs contradict, in words; nothing is changed because of it.
  function contradictions(data, q) {
    var found = [];
    function say(text, parts) {
      found.push(text.replace(/\{(\w+)\}/g, function (whole, key) {
        return key in parts ? plain(parts[key]) : whole;
      }));
    }
    data.sectors.forEach(function (sector) {
      if (q["output_" + sector.code] === 0) { return; }
      var costs = sector.costs.reduce(function (sum, formula) {
        return sum + formulas[formula](q);
      }, q["labour_income_" + sector.code]);
      if (!(costs <= 1 + data.tolerance)) { say(sector.text, { value: costs * 100 }); }
    });
    data.checks.forEach(function (check) {
      var value = formulas[check.formula](q);
      if (!(value >= check.low && value <= check.high)) { say(check.text, { value: value }); }
    });
    data.bounds.forEach(function (bound) {
      var less = formulas[bound.less](q), more = formulas[bound.more](q);
      if (!(less <= more)) { say(bound.text, { less: less, more: more }); }
    });
    if (data.respent && !(q.respending * data.household[2 * data.patterns.length] < 1)) {
      found.push(data.endless);
    }
    return found;
  }
