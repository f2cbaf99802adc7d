// The charts: value against fit, and money by month. Both follow the filters, the theme and the language.
const SHAPES = ["circle", "rectRounded", "triangle", "rectRot", "rect"];
const MEASURES = [["val", "value axis", true], ["calls", "calls axis", true], ["st", "stakes axis", false]];
const known = (key) => ideas.reduce((n, i) => n + (i[key] !== undefined), 0);
let measure = MEASURES.find(([key]) => known(key) >= Math.max(1, ideas.length / 2)) ?? MEASURES[2];
// some room at both ends, or dots at 0% and 100% are cut in half
const SHARES = { min: -.03, max: 1.03, ticks: { includeBounds: false, stepSize: .1, callback: (x) => `${Math.round(x * 100)}%` } };
// beyond so many dots they are a sample: more would hide one another
const MOST_DOTS = 2000;
const FEW_DOTS = 200;
let map = null;
let months = null;
let waiting = 0;

function chartsLater() {
  clearTimeout(waiting);
  waiting = setTimeout(drawMap, 150);
}

/**
 * Two sets of dots for each verdict: those whose cost is known, sized by it, and hollow ones.
 * A colour for each set, not for each dot, lets the library share the dots' options, which is most of its time.
 */
function points(places, key, floor) {
  // the more dots there are, the smaller and the fainter is each
  const ease = Math.min(1, Math.sqrt(FEW_DOTS / Math.max(1, places.length)));
  const faint = (name, share) => colour(name) + Math.round(255 * share).toString(16).padStart(2, "0");
  const least = 3 * Math.max(.5, ease);
  const most = ideas.reduce((top, i) => Math.max(top, i.usd ?? 0), 1e-9);
  const sets = verdicts.slice(0, 5).flatMap((name, v) => [true, false].map((filled) => ({
    type: "bubble", label: `${data.symbols[v]} ${verdictName(v)}`, verdict: v, filled, pointStyle: SHAPES[v],
    borderColor: faint(name, filled ? .2 + .8 * ease : .4 + .6 * ease), borderWidth: 1,
    backgroundColor: filled ? faint(name, .15 + .25 * ease) : "transparent", data: [],
  })));
  for (const place of places) {
    const idea = ideas[place];
    const filled = idea.usd !== undefined;
    // the area of a dot goes with the money
    sets[2 * idea.v + (filled ? 0 : 1)].data.push({ x: fitness(idea), y: Math.max(idea[key], floor), r: filled ? least + 15 * ease * Math.sqrt(idea.usd / most) : least + .5, place });
  }
  for (const set of sets) set.data.sort((a, b) => b.r - a.r);
  return sets;
}

/** Return the ideas in sight that have a measure, and those among them to draw: an even sample, the same at any order. */
function sampled(key) {
  const all = view.filter((i) => ideas[i].p && ideas[i][key] !== undefined);
  if (all.length <= MOST_DOTS) return [all, all];
  const chance = new Map(all.map((i) => [i, Math.imul(i + 1, 0x9E3779B1) >>> 0]));
  return [all, [...all].sort((a, b) => chance.get(a) - chance.get(b)).slice(0, MOST_DOTS)];
}

function drawMap() {
  const canvas = document.getElementById("map-canvas");
  if (!canvas) return;
  const [key, name, logarithmic] = measure;
  const values = ideas.map((i) => i[key]).filter((x) => x > 0);
  const top = values.reduce((a, b) => Math.max(a, b), 1);
  const floor = logarithmic ? values.reduce((a, b) => Math.min(a, b), top) : 0;
  const axis = (title, { ticks, ...more }) => ({ title: { display: true, text: title, color: colour("dim") }, ticks: { color: colour("dim"), ...ticks },
    grid: { color: colour("line") }, ...more });
  const short = (x) => x.toLocaleString(locale(), { notation: "compact" });
  const left = ideas.filter((i) => i[key] === undefined).length;
  const [all, places] = sampled(key);
  document.getElementById("map-left").textContent = [
    places.length < all.length && say("p:sample", { n: whole(places.length), m: whole(all.length) }),
    left && say(left === 1 ? "p:left out one" : "p:left out", { n: whole(left) })].filter(Boolean).join(state.lang ? "" : " ");
  const look = [key, state.lang, colour("ink"), canvas.isConnected].join();
  if (map?.canvas === canvas && map.look === look) {
    map.data.datasets = points(places, key, floor);
    map.update("none");
    return;
  }
  map?.destroy();
  map = new Chart(canvas, {
    type: "bubble",
    data: { datasets: points(places, key, floor) },
    options: {
      animation: false, maintainAspectRatio: false, clip: 0,
      onClick: (event, hits) => { if (hits.length) openIdea(map.data.datasets[hits[0].datasetIndex].data[hits[0].index].place); },
      onHover: (event, hits) => { canvas.style.cursor = hits.length ? "pointer" : ""; },
      plugins: {
        legend: { onClick: (event, item) => toggle(item.datasetIndex), labels: { usePointStyle: true, color: colour("ink"), generateLabels: legend } },
        tooltip: { callbacks: { label: (c) => shortly(ideas[c.raw.place], 70), afterLabel: (c) => `${verdictName(ideas[c.raw.place].v)} · ${percent(c.raw.x)} · ${usd(ideas[c.raw.place].usd)} ${say("p:usd month")}` } },
      },
      scales: {
        x: axis(say("p:fit axis"), SHARES),
        y: axis(say(`p:${name}`), logarithmic ? { type: "logarithmic", min: floor / 1.5, max: top * 1.5, ticks: { includeBounds: false, callback: (y) => (Number.isInteger(Math.log10(y)) ? short(y) : "") } }
          : SHARES),
      },
    },
  });
  map.look = look;
}

/** Name each verdict once, though it has two sets of dots. */
function legend(chart) {
  return Chart.defaults.plugins.legend.labels.generateLabels(chart).filter((item) => item.datasetIndex % 2 === 0)
    .map((item) => {
      const own = colour(verdicts[chart.data.datasets[item.datasetIndex].verdict]);
      return { ...item, fontColor: colour("ink"), fillStyle: `${own}66`, strokeStyle: own };
    });
}

function toggle(first) {
  const shown = map.isDatasetVisible(first);
  for (const set of [first, first + 1]) map.setDatasetVisibility(set, !shown);
  map.update("none");
}

function drawMonths() {
  const canvas = document.getElementById("months-canvas");
  if (!canvas) return;
  const { usd: amounts } = data.money;
  const names = verdicts.slice(0, 5).map((_, v) => `${data.symbols[v]} ${verdictName(v)}`);
  const own = verdicts.slice(0, 5).map(colour);
  months?.destroy();
  months = new Chart(canvas, {
    type: "bar",
    data: {
      labels: names,
      datasets: [{ label: say("p:usd month"), data: amounts, backgroundColor: own, borderRadius: 4 }],
    },
    options: {
      indexAxis: "y", animation: false, maintainAspectRatio: false,
      plugins: { legend: { display: false }, tooltip: { callbacks: { label: (c) => say("p:a month", { usd: usd(c.raw) }) } } },
      scales: {
        x: { title: { display: true, text: say("p:usd month"), color: colour("dim") }, ticks: { color: colour("dim"), callback: (x) => x.toLocaleString(locale(), { notation: "compact" }) }, grid: { color: colour("line") } },
        y: { ticks: { color: colour("ink") }, grid: { display: false } },
      },
    },
  });
}

function chartSections() {
  const options = MEASURES.filter(([key]) => known(key)).map((m) => el("option", { value: m[0], selected: m === measure }, say(`p:${m[1]}`)));
  const choose = (e) => { measure = MEASURES.find(([key]) => key === e.target.value); drawMap(); };
  const anyVolume = data.money.known.some((n) => n > 0);
  const mapSection = el("section", { "aria-labelledby": "map-head" }, el("h2", { id: "map-head" }, say("p:map")),
    el("div", { class: "row-tools" }, el("label", {}, say("p:axis"), el("select", { id: "axis", onchange: choose }, options))),
    el("div", { class: "chart" }, el("canvas", { id: "map-canvas", role: "img", "aria-label": `${say("p:map")}. ${say("p:size")}` })),
    el("p", { class: "dim" }, say("p:size"), " ", el("span", { id: "map-left" })),
    anyVolume ? "" : el("p", { class: "dim" }, say("p:no volume")));
  if (!anyVolume) return mapSection;
  return el("div", { class: "pair" }, mapSection,
    el("section", { "aria-labelledby": "months-head" }, el("h2", { id: "months-head" }, say("p:months")),
      el("div", { class: "chart low" }, el("canvas", { id: "months-canvas", role: "img", "aria-label": say("p:months") })), moneyTable()));
}

/** The bars again as numbers, for who can't see them. */
function moneyTable() {
  const { usd: amounts, known: counts } = data.money;
  const rows = amounts.map((amount, v) => [badge(v), whole(counts[v]), usd(amount)]).filter((_, v) => counts[v]);
  return [tableOf([say("p:verdict"), say("p:asked"), say("p:usd month")], rows, 2), beside()];
}
