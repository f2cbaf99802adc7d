// One idea's panel: every number behind its verdict.
const panel = document.getElementById("ledger");
let opened = null;
let before = null;

function openIdea(place) {
  if (!panel.open) before = document.activeElement;
  opened = place;
  panel.replaceChildren(...inside(ideas[place]));
  document.body.classList.add("one-idea");
  if (!panel.open) panel.showModal();
  panel.scrollTop = 0;
  panel.querySelector(".close").focus();
}

panel.addEventListener("close", () => {
  opened = null;
  document.body.classList.remove("one-idea");
  if (before && before.isConnected) before.focus({ preventScroll: true });
});
panel.addEventListener("click", (event) => { if (event.target === panel) panel.close(); });
panel.addEventListener("keydown", (event) => {
  if (event.key === "ArrowLeft") step(-1);
  else if (event.key === "ArrowRight") step(1);
});

/** Go to the next idea of the table's order. */
function step(by) {
  const at = view.indexOf(opened) + by;
  if (at < 0 || at >= view.length) return;
  move(at);
  openIdea(view[at]);
}

function inside(idea) {
  const tool = (name, mark, action) => el("button", { type: "button", class: name, "aria-label": say(`p:${name}`), title: say(`p:${name}`), onclick: action }, mark);
  const bar = el("div", { class: "bar" },
    el("span", { class: `verdict ${verdicts[idea.v]}`, id: "ledger-head" }, `${data.symbols[idea.v]} ${verdictName(idea.v)}`,
      sure(idea) === undefined ? "" : ` ${percent(sure(idea))}`),
    el("span", { class: "dim" }, [idea.id && idea.id !== String(idea.n) && say("p:id", { id: idea.id }), `${say("p:number")} ${whole(idea.n)}`, idea.dep, idea.own].filter(Boolean).join(" · ")),
    tool("previous", "‹", () => step(-1)), tool("next", "›", () => step(1)), tool("close", "✕", () => panel.close()));
  return [bar, el("div", { class: "inside" }, idea.x ? parts(idea) : "", errorOf(idea) ? el("p", {}, errorOf(idea)) : "")];
}

function parts(idea) {
  const [todo, reasons, counter, advice, turns, questions, cost, core, clauses, concepts, ledger, totals, near, notes, facts, jobs, spoken, plan] = idea.x;
  const part = (words, ...content) => (content.flat().length ? [el("h3", {}, words), ...content] : []);
  const lines = (places) => (places.length ? [el("ul", { class: "plain" }, places.map((t) => el("li", {}, text(t))))] : []);
  return [
    el("p", {}, text(todo)),
    el("blockquote", { dir: "auto" }, idea.t, idea.cut ? ` ${say("p:cut")}` : ""),
    chances(idea),
    part(say("p:why"), reasons.map(argument)),
    counter ? part(say("p:against"), [argument(counter)]) : [],
    advice ? part(text(advice[0]), [el("p", {}, text(advice[1]))]) : [],
    part(say("p:questions"), questions.map(([asked, answers]) => el("div", {}, el("p", {}, text(asked)),
      el("ul", { class: "plain" }, answers.map(([words, verdict]) => el("li", {}, "→ ", named(verdict), " ", text(words))))))),
    part(say("p:parts"), partList(jobs)),
    part(say("p:turn"), lines(turns)),
    part(say("p:api cost"), cost.map((line, i) => el("p", { class: i ? "dim" : null }, text(line)))),
    part(say("p:one lens"), findings(idea, spoken)),
    part(say("p:plan"), planOf(plan)),
    part(say("p:ledger"), [ledgerTable(ledger, totals, idea.p)]),
    part(say("p:read as"), [tableOf(["", "", ""], [
      [text(core[0]), text(core[1]), ""],
      ...clauses.map(([name, words]) => [text(name), text(words), ""]),
      ...concepts.map((c) => c.map(text)),
      ...facts.map(([name, value]) => [text(name), text(value), say("p:facts")])], 1)]),
    part(say("p:neighbours"), near.length ? [tableOf([say("p:idea"), say("p:verdict"), say("p:similarity")],
      near.map(([words, verdict, similarity]) => [text(words), named(verdict), similarity.toFixed(2)]), 1)] : []),
    part(say("p:notes"), lines(notes)),
  ].flat(2);
}

function chances(idea) {
  return el("div", { class: "chances" }, idea.p.map((p, v) => {
    const meter = el("span", { class: `meter ${verdicts[v]}`, "aria-hidden": "true" });
    meter.style.width = `${(p * 100).toFixed(1)}%`;
    return [badge(v), el("span", { class: "num" }, percent(p)), el("span", {}, meter)];
  }));
}

function argument([title, verdict, size, why, quote]) {
  return el("div", {}, el("p", {}, el("b", {}, text(title)), " ", el("span", { class: `verdict ${verdict}` }, `${say(`v:${verdict}`)} ${signed(size)}`)),
    text(why) && el("p", {}, text(why)), text(quote) && el("p", { class: "dim", dir: "auto" }, `“${text(quote)}”`));
}

function ledgerTable(ledger, totals, chance) {
  const number = (size) => el("td", { class: "num" }, size === null ? "" : signed(size));
  const rows = ledger.map(([name, details, sizes, stale]) => el("tr", {},
    el("td", {}, text(name), details.length > 0 && el("div", { class: "dim" }, details.map(text).join(" · ")),
      stale && el("div", { class: "dim" }, say("w:stale mark"))), sizes.map(number)));
  return el("div", { class: "scroll" }, el("table", { class: "sums" },
    el("thead", {}, el("tr", {}, el("th", { scope: "col" }, say("w:unit")), [0, 1, 2, 3].map((v) => el("th", { scope: "col", class: "num" }, verdictName(v))))),
    el("tbody", {}, rows),
    el("tfoot", {}, el("tr", {}, el("td", {}, say("w:total")), totals.map(number)),
      el("tr", {}, el("td", {}, say("w:probability")), chance.map((p) => el("td", { class: "num" }, percent(p))))),
  ), el("p", { class: "dim" }, say("w:softmax")));
}
