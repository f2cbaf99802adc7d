// What stands beside the verdicts: need against verdict, what is to be mended, and each axis with its answers.
const AXES = data.axes.map(([axis]) => axis);

/** Return the places of the ideas with one of some values of an axis; an idea without a lens has none. */
function withValue(axis, ...values) {
  const at = AXES.indexOf(axis);
  if (at < 0) return [];
  const digits = new Set(values.map((v) => data.axes[at][1].indexOf(v).toString(36)));
  return ideas.flatMap((idea, i) => (idea.l && digits.has(idea.l[at]) ? [i] : []));
}

const axisName = (axis) => say(`a:${axis}`);
const valueName = (axis, value) => say(`n:${axis}:${value}`);
const both = (axis, value) => (state.lang ? `${axisName(axis)}：${valueName(axis, value)}` : `${axisName(axis)}: ${valueName(axis, value)}`);
const counted = (places, name, ...content) => el("button", { type: "button", class: "link go", onclick: () => showOnly(places, name) }, ...content);

/** Set need against verdict, with what each corner of the table asks for. */
function needTable() {
  const values = data.axes[AXES.indexOf("need")][1];
  const shown = verdicts.map((name, v) => [name, v]).filter(([name]) => name !== "error");
  const cell = (need, v) => {
    const places = withValue("need", need).filter((i) => ideas[i].v === v);
    return places.length ? counted(places, `${valueName("need", need)}, ${verdictName(v)}`, whole(places.length)) : el("span", { class: "dim" }, "–");
  };
  const rows = values.map((need) => [valueName("need", need), ...shown.map(([, v]) => cell(need, v))]);
  const of = (need, names) => withValue("need", need).filter((i) => names.includes(verdicts[ideas[i].v]));
  const corners = [["build first", of("need", ["fit", "assist"])], ["fit but decoration", of("decoration", ["fit", "assist"])],
    ["need but no model", of("need", ["overkill", "unfit"])], ["drop", of("decoration", ["overkill", "unfit"])],
    ["need not said", withValue("need", "unsaid")]].filter(([, places]) => places.length);
  return [tableOf([axisName("need"), ...shown.map(([, v]) => badge(v))], rows, shown.length),
    el("ul", { class: "plain" }, corners.map(([key, places]) => el("li", {}, say(`p:${key}`), " ", counted(places, say(`p:${key}`), `(${whole(places.length)})`))))];
}

/** Count what is to be mended: who does not pay, what depends on one supplier, what the price rests on, and so on. */
function warningTiles() {
  const found = data.axes.flatMap(([axis, values, warns]) => values.flatMap((value, v) => {
    const places = warns[v] ? withValue(axis, value) : [];
    return places.length ? [[axis, value, places]] : [];
  }));
  if (!found.length) return [el("p", { class: "dim" }, say("p:nothing to mend"))];
  return [el("div", { class: "tiles money" }, found.map(([axis, value, places]) => el("button",
    { type: "button", class: "tile overkill", "data-finding": `${axis}:${value}`, onclick: () => showOnly(places, both(axis, value)) },
    el("b", {}, whole(places.length)), valueName(axis, value), el("div", { class: "dim" }, axisName(axis)))))];
}

/** Name each axis with its answers and how many ideas give each. */
function axisTable() {
  const rows = data.axes.map(([axis, values, warns]) => [axisName(axis), el("div", { class: "chips" }, values.map((value, v) => {
    const places = withValue(axis, value);
    const kind = warns[v] ? "chip overkill" : value === "unsaid" ? "chip quiet" : "chip";
    return places.length ? el("button", { type: "button", class: kind, onclick: () => showOnly(places, both(axis, value)) },
      valueName(axis, value), " ", el("b", {}, whole(places.length))) : "";
  }))]);
  return tableOf([say("p:finding"), say("p:value")], rows, 0);
}

function lensSection() {
  if (!ideas.some((idea) => idea.l)) return "";
  return el("section", { id: "lens" }, head(say("p:lens")), el("p", { class: "dim" }, say("p:lens lead")),
    el("div", { class: "pair" }, el("div", {}, el("h3", {}, say("p:need against verdict")), needTable()),
      el("div", {}, el("h3", {}, say("p:to be mended")), warningTiles())),
    el("h3", {}, say("p:all findings")), axisTable());
}

/** Return the findings of one idea: those that say something, then what is not said, then what is usual. */
function findings(idea, spoken) {
  if (!idea.l) return [];
  const told = new Set(spoken.map(([at]) => at));
  const value = (at) => data.axes[at][1][parseInt(idea.l[at], 36)];
  const rest = AXES.map((_, at) => at).filter((at) => !told.has(at));
  const silent = rest.filter((at) => value(at) === "unsaid").map((at) => axisName(AXES[at]));
  const usual = rest.filter((at) => value(at) !== "unsaid").map((at) => valueName(AXES[at], value(at)));
  const rows = spoken.map(([at, says, todo, restsOn, certain, warns]) => [axisName(AXES[at]),
    el("div", {}, el("b", { class: warns ? "verdict overkill" : null }, valueName(AXES[at], value(at))), el("div", {}, text(says)),
      el("div", { class: "dim", dir: "auto" }, text(restsOn)), text(todo) && el("div", {}, `→ ${text(todo)}`)), text(certain)]);
  return [rows.length ? tableOf([say("p:finding"), say("p:value"), say("p:probability")], rows, 1) : "",
    silent.length ? el("p", { class: "dim" }, say("p:not said", { names: silent.join(state.lang ? "、" : ", ") })) : "",
    usual.length ? el("p", { class: "dim" }, say("p:as usual", { names: usual.join(" · ") })) : ""];
}

function partList(parts) {
  return parts.map(([words, verdict, tool]) => el("p", {}, named(verdict), " ", el("span", { dir: "auto" }, `“${text(words)}”`),
    el("span", { class: "dim" }, ` ${text(tool)}`)));
}

function planOf(plan) {
  if (!plan) return [];
  const [title, tools, steps, cost] = plan;
  const link = (url, name) => (/^https?:\/\//.test(url) ? el("a", { href: url, rel: "noreferrer noopener", target: "_blank" }, name) : name);
  return [el("p", {}, el("b", {}, text(title))),
    tools.length ? el("ul", { class: "plain" }, tools.map(([name, url, does]) => el("li", {}, link(text(url), text(name)), el("span", { class: "dim" }, ` ${text(does)}`)))) : "",
    ...steps.map(([kind, lines]) => [el("p", { class: "dim" }, say(`p:step ${kind}`)), el(kind === "do" ? "ol" : "ul", { class: "steps" }, lines.map((t) => el("li", {}, text(t))))]).flat(),
    cost ? el("p", {}, text(cost[0])) : ""];
}
