// What every part of the page uses: the data, its words, elements made without markup, and the state.
const data = JSON.parse(document.getElementById("data").textContent);
const { meta, ideas, verdicts } = data;
const root = document.documentElement;
const state = {
  lang: root.lang.startsWith("zh") ? 1 : 0,
  query: "", verdicts: new Set(), category: "", decides: "", department: "", least: 0,
  only: null, onlyName: "", sort: "n", descending: false,
};

/** Return the words for a key such as `p:title`, with its places filled. */
function say(key, places) {
  const pair = data.words[key];
  const words = pair ? pair[state.lang] : key.slice(2);
  return places ? words.replace(/\{(\w+)\}/g, (whole, name) => String(places[name] ?? whole)) : words;
}

/** Return a text of the shared table in the reader's language. */
function text(place) {
  const found = data.texts[place];
  return typeof found === "string" ? found : found[state.lang];
}

/** Return why an idea could not be judged or not be read in full, else an empty text. */
const errorOf = (idea) => (idea.err === undefined ? "" : text(idea.err));

/** Make an element; what users wrote only ever becomes a text node or an attribute's value. */
function el(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  for (const child of children.flat(3)) {
    if (child !== null && child !== undefined && child !== false && child !== "") node.append(child);
  }
  return node;
}

const locale = () => (state.lang ? "zh-CN" : "en-US");
const whole = (n) => n.toLocaleString(locale());

/** Write an amount of USD with the digits that matter: it comes rounded as the other forms write it. */
function usd(amount) {
  if (amount === undefined || amount === null) return "–";
  const size = Math.abs(amount);
  const digits = size >= 100 || size === 0 ? { maximumFractionDigits: 0 }
    : size >= 1 ? { minimumFractionDigits: 2, maximumFractionDigits: 2 } : { maximumSignificantDigits: 3 };
  return amount.toLocaleString(locale(), digits);
}

/** Write a probability; what is not certain is never shown as 0% or 100%, and a half goes to the even side. */
function percent(p) {
  if (p > 0 && p < .005) return "<1%";
  if (p >= .995 && p < 1) return ">99%";
  const part = p * 100;
  const low = Math.floor(part);
  const up = part - low > .5 || (part - low === .5 && low % 2 === 1);
  return `${low + (up ? 1 : 0)}%`;
}

const signed = (x) => (x > 0 ? "+" : x < 0 ? "−" : "") + Math.abs(x).toFixed(2);
/** Return how sure the verdict is; an unclear one has no probability of its own. */
const sure = (idea) => (idea.p && verdicts[idea.v] !== "unclear" ? idea.p[idea.v] : undefined);
const fitness = (idea) => (idea.p ? idea.p[0] + idea.p[1] : undefined);
const verdictName = (v) => say(`v:${verdicts[v]}`);
const badge = (v) => el("span", { class: `verdict ${verdicts[v]}` }, `${data.symbols[v]} ${verdictName(v)}`);
const named = (verdict) => badge(verdicts.indexOf(verdict));
const colour = (name) => getComputedStyle(root).getPropertyValue(`--${name}`).trim();
const head = (words, ...right) => el("h2", {}, words, ...right);
const nIdeas = (n) => (n === 1 ? say("p:1 idea") : say("p:n ideas", { n: whole(n) }));

/** Return a short name for an idea, for lists. */
function shortly(idea, longest = 140) {
  const words = idea.t ?? errorOf(idea);
  return words.length > longest ? `${words.slice(0, longest - 1)}…` : words;
}

/** Make a list of ideas, each of which opens its ledger. */
function ideaList(places, most = 5) {
  const items = places.slice(0, most).map((i) => el("li", { class: "entry" }, badge(ideas[i].v), el("div", {},
    el("button", { type: "button", class: "link", onclick: () => openIdea(i) }, shortly(ideas[i])),
    ideas[i].dep && el("span", { class: "dim" }, ` ${ideas[i].dep}`))));
  if (places.length > most) items.push(el("li", { class: "dim" }, say("p:more", { n: whole(places.length - most) })));
  return el("ul", { class: "plain" }, items);
}

/** Make a button that shows some ideas in the table. */
function goTo(places, name) {
  return el("button", { type: "button", class: "link go", onclick: () => showOnly(places, name) },
    el("span", { class: "hint" }, `${say("p:show")} `), `(${whole(places.length)})`);
}

function tableOf(heads, rows, right) {
  const isNumber = (i) => (i >= heads.length - right ? "num" : null);
  return el("div", { class: "scroll" }, el("table", { class: right > 1 ? "names" : null },
    el("thead", {}, el("tr", {}, heads.map((h, i) => el("th", { scope: "col", class: isNumber(i) }, h)))),
    el("tbody", {}, rows.map((cells) => el("tr", {}, cells.map((c, i) => el("td", { class: isNumber(i) }, c)))))));
}
