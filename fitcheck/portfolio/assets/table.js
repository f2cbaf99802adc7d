// The table of ideas: filtered, sorted, only the rows in sight drawn, moved through by keyboard.
const ROW = 52;
const SPARE = 6;
const PRINTED = 500;
let view = [];
let active = 0;
let grid, body, count, searchBox;
const COLUMNS = [
  ["v", "verdict", "6.4rem", ""], ["sure", "probability", "3.6rem", "num wide"], ["t", "idea", "minmax(0, 3fr)", ""],
  ["c", "category", "minmax(0, 1.9fr)", "wide"], ["d", "decides", "minmax(0, 1fr)", "wide"], ["dep", "department", "minmax(0, .9fr)", "wide"],
  ["own", "owner", "minmax(0, .8fr)", "wide"], ["usd", "cost", "5.4rem", "num"], ["n", "number", "3.4rem", "num wide"],
].filter(([key]) => (key !== "dep" || meta.department) && (key !== "own" || meta.owner));
const haystack = ideas.map((i) => [i.t, i.id, i.dep, i.own, data.texts[i.err]].flat().filter(Boolean).join("\n").toLowerCase());

/** What a column sorts by: a number or a text; undefined goes last. */
function sortKey(idea, column) {
  if (column === "sure") return sure(idea);
  if (column === "t") return (idea.t ?? "").slice(0, 60).toLowerCase();
  if (column === "c") return idea.c && say(`l:${idea.c}`);
  if (column === "d") return idea.d && say(`l:${idea.d}`);
  return idea[column] === "" ? undefined : idea[column];
}

/** Filter and sort, then draw; the map follows a little later. */
function apply() {
  sift();
  chartsLater();
}

function sift() {
  const words = state.query.toLowerCase().split(/\s+/).filter(Boolean);
  view = [];
  for (let i = 0; i < ideas.length; i += 1) {
    const idea = ideas[i];
    if (state.verdicts.size && !state.verdicts.has(idea.v)) continue;
    if (state.category && idea.c !== state.category) continue;
    if (state.decides && idea.d !== state.decides) continue;
    if (state.department && idea.dep !== state.department) continue;
    if (state.least > 0 && !(idea.usd >= state.least)) continue;
    if (state.only && !state.only.has(i)) continue;
    if (!words.every((w) => haystack[i].includes(w))) continue;
    view.push(i);
  }
  const keys = new Map(view.map((i) => [i, sortKey(ideas[i], state.sort)]));
  const order = new Intl.Collator(locale()).compare;
  const way = state.descending ? -1 : 1;
  view.sort((a, b) => {
    const [x, y] = [keys.get(a), keys.get(b)];
    if (x === undefined || y === undefined) return (x === undefined) - (y === undefined) || a - b;
    return way * (typeof x === "string" ? order(x, y) : x - y) || a - b;
  });
  active = 0;
  grid.scrollTop = 0;
  count.textContent = say("p:shown", { n: whole(view.length), m: whole(ideas.length) });
  grid.setAttribute("aria-rowcount", view.length + 1);
  body.style.height = `${Math.max(view.length, 1) * ROW}px`;
  drawRows();
  document.querySelectorAll(".tile[data-verdict]").forEach((tile) => {
    tile.setAttribute("aria-pressed", String(state.verdicts.has(Number(tile.dataset.verdict))));
  });
  document.querySelectorAll("[data-column]").forEach((cell) => {
    const mine = cell.dataset.column === state.sort;
    cell.setAttribute("aria-sort", mine ? (state.descending ? "descending" : "ascending") : "none");
    cell.querySelector("span").textContent = mine ? (state.descending ? " ▾" : " ▴") : "";
  });
  const clear = document.getElementById("clear");
  clear.hidden = view.length === ideas.length;
  clear.textContent = state.onlyName ? `${say("p:clear")}: ${state.onlyName}` : say("p:clear");
}

function drawRows() {
  const first = Math.max(0, Math.floor(grid.scrollTop / ROW) - SPARE);
  const last = Math.min(view.length, Math.ceil((grid.scrollTop + grid.clientHeight) / ROW) + SPARE);
  const rows = [];
  for (let at = first; at < last; at += 1) rows.push(row(at));
  if (!view.length) rows.push(el("div", { class: "empty" }, say("p:nothing")));
  body.replaceChildren(...rows);
  if (view.length) grid.setAttribute("aria-activedescendant", `row-${view[active]}`);
  else grid.removeAttribute("aria-activedescendant");
}

function row(at) {
  const i = view[at];
  const node = el("div", {
    role: "row", id: `row-${i}`, class: at === active ? "line active" : "line", "aria-rowindex": at + 2,
    "aria-selected": String(at === active), onclick: () => { active = at; drawRows(); openIdea(i); },
  }, COLUMNS.map(([key, , , kind]) => el("div", { role: "gridcell", class: kind || null }, cell(ideas[i], key))));
  node.style.transform = `translateY(${at * ROW}px)`;
  return node;
}

function cell(idea, key) {
  if (key === "v") return badge(idea.v);
  if (key === "sure") return sure(idea) === undefined ? "" : percent(sure(idea));
  if (key === "t") return el("span", { class: "clamp", dir: "auto" }, shortly(idea, 400));
  if (key === "c") return idea.c ? say(`l:${idea.c}`) : "";
  if (key === "d") return idea.d ? say(`l:${idea.d}`) : "";
  if (key === "usd") return usd(idea.usd);
  if (key === "n") return whole(idea.n);
  return el("span", { class: "clamp" }, idea[key] ?? "");
}

function move(to) {
  active = Math.max(0, Math.min(view.length - 1, to));
  const top = active * ROW;
  const room = grid.clientHeight - grid.firstChild.offsetHeight;
  if (top < grid.scrollTop) grid.scrollTop = top;
  else if (top + ROW > grid.scrollTop + room) grid.scrollTop = top + ROW - room;
  drawRows();
}

function onKey(event) {
  if (event.target !== grid) return;
  const page = Math.max(1, Math.floor(grid.clientHeight / ROW) - 1);
  const steps = { ArrowDown: active + 1, ArrowUp: active - 1, PageDown: active + page, PageUp: active - page, Home: 0, End: view.length - 1 };
  if (event.key in steps) move(steps[event.key]);
  else if ((event.key === "Enter" || event.key === " ") && view.length) openIdea(view[active]);
  else return;
  event.preventDefault();
}

function sortBy(column) {
  state.descending = state.sort === column ? !state.descending : column === "sure" || column === "usd";
  state.sort = column;
  sift();
}

function showOnly(places, name) {
  clearFilters();
  state.only = new Set(places);
  state.onlyName = name;
  apply();
  document.getElementById("table").scrollIntoView();
  grid.focus({ preventScroll: true });
}

function clearFilters() {
  Object.assign(state, { query: "", category: "", decides: "", department: "", least: 0, only: null, onlyName: "" });
  state.verdicts.clear();
  document.querySelectorAll(".row-tools [data-filter]").forEach((field) => { field.value = ""; });
}

function chooser(name, key, values) {
  const options = [...values].sort(([, a], [, b]) => a.localeCompare(b, locale()))
    .map(([value, words]) => el("option", { value, selected: state[name] === value }, words));
  return el("label", {}, say(`p:${key}`), el("select", { "data-filter": name, onchange: (e) => { state[name] = e.target.value; apply(); } },
    el("option", { value: "" }, say("p:all")), options));
}

function tableSection() {
  const seen = (key) => new Set(ideas.map((i) => i[key]).filter(Boolean));
  const labelled = (key) => [...seen(key)].map((v) => [v, say(`l:${v}`)]);
  searchBox = el("input", { type: "search", id: "search", "data-filter": "query", value: state.query, placeholder: say("p:search"),
    "aria-label": say("p:search"), oninput: (e) => { state.query = e.target.value; apply(); } });
  count = el("span", { class: "dim", role: "status", "aria-live": "polite" });
  body = el("div", { class: "body", role: "rowgroup" });
  const heads = COLUMNS.map(([key, name, , kind]) => el("div", { role: "columnheader", class: kind || null, "data-column": key },
    el("button", { type: "button", onclick: () => sortBy(key) }, say(`p:${name}`), el("span", {}))));
  grid = el("div", { class: "grid", role: "grid", tabindex: 0, "aria-label": say("p:table"), "aria-colcount": COLUMNS.length, onkeydown: onKey, onscroll: drawRows },
    el("div", { class: "line head", role: "row", "aria-rowindex": 1 }, heads), body);
  const narrow = matchMedia("(max-width: 44rem)");
  const setColumns = () => {
    const shown = COLUMNS.filter(([, , , kind]) => !narrow.matches || !kind.includes("wide"));
    grid.style.setProperty("--columns", shown.map(([key, , width]) => (narrow.matches ? { v: "5.6rem", usd: "5.2rem" }[key] ?? width : width)).join(" "));
  };
  narrow.onchange = setColumns;
  setColumns();
  return el("section", { id: "table", "aria-labelledby": "table-head" }, el("h2", { id: "table-head" }, say("p:table")),
    el("div", { class: "row-tools", role: "search" }, searchBox,
      chooser("category", "category", labelled("c")), chooser("decides", "decides", labelled("d")),
      meta.department && chooser("department", "department", [...seen("dep")].map((d) => [d, d])),
      el("label", {}, say("p:at least"), el("input", { type: "number", min: 0, step: "any", "data-filter": "least", value: state.least || null,
        oninput: (e) => { state.least = Number(e.target.value) || 0; apply(); } })),
      el("button", { type: "button", id: "clear", hidden: true, onclick: () => { clearFilters(); apply(); } }, say("p:clear"))),
    el("p", {}, count, el("span", { class: "dim keys" }, ` · ${say("p:keys")}`)), grid);
}

/** Lay the first rows out as an ordinary table, since a printer has no scroll bar. */
function layOutForPrint() {
  const rows = view.slice(0, PRINTED).map((i) => [whole(ideas[i].n), badge(ideas[i].v), shortly(ideas[i], 180), ideas[i].c ? say(`l:${ideas[i].c}`) : "", usd(ideas[i].usd)]);
  document.getElementById("printed").replaceChildren(
    head(say("p:table")),
    view.length > PRINTED ? el("p", { class: "dim" }, say("p:printed", { n: whole(PRINTED), m: whole(view.length) })) : "",
    tableOf(["number", "verdict", "idea", "category", "cost"].map((k) => say(`p:${k}`)), rows, 1));
}
