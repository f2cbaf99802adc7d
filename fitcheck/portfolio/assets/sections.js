// The page from top to bottom, the switches, and what opens it.
function glance() {
  const n = ideas.length;
  const tile = (amount, words, more, kind) => el("div", { class: `tile ${kind}` }, el("b", {}, amount), words, more && el("div", { class: "dim" }, more));
  const verdictTiles = verdicts.map((name, v) => {
    const count = data.counts[name];
    if (name === "error" && !count) return "";
    const toggle = () => { if (!state.verdicts.delete(v)) state.verdicts.add(v); apply(); };
    return el("button", { type: "button", class: `tile ${name}`, "data-verdict": v, "aria-pressed": "false", title: data.words[`d:${name}`] ? say(`d:${name}`) : "", onclick: toggle },
      el("b", {}, whole(count)), badge(v), el("div", { class: "dim" }, n ? percent(count / n) : ""));
  });
  const strip = el("div", { class: "strip", "aria-hidden": "true" }, verdicts.map((name) => {
    const part = el("i", { class: name });
    part.style.flex = `${data.counts[name]} 0 0`;
    part.hidden = !data.counts[name];
    return data.counts[name] ? part : "";
  }));
  const { build, burnt, cheaper, saved, once, usd: amounts, known: volumes } = data.money;
  const withVolume = volumes.reduce((a, b) => a + b, 0);
  const money = withVolume ? [
    el("div", { class: "tiles money" },
      tile(say("p:usd", { usd: usd(build) }), say("p:to build"), "", "fit"), tile(say("p:usd", { usd: usd(burnt) }), say("p:burnt"), "", "unfit"),
      amounts[4] ? tile(say("p:usd", { usd: usd(amounts[4]) }), say("p:undecided"), "", "unclear") : "",
      cheaper ? tile(say("p:usd", { usd: usd(saved) }), say("p:saved"), say("p:once", { usd: usd(once) }), "assist") : ""),
    el("p", { class: "dim" }, say("p:known of", { n: whole(withVolume), m: whole(n) }))] : [];
  return el("section", { "aria-labelledby": "glance-head" }, el("h2", { id: "glance-head" }, say("p:at a glance")), el("div", { class: "tiles" }, verdictTiles), strip, money);
}

function groupSection() {
  const shown = data.groups.slice(0, 12);
  const group = ([members, similarity]) => el("div", { class: "group" },
    el("b", {}, say("p:group", { n: whole(members.length), s: similarity.toFixed(2) })), " ", goTo(members, say("p:groups")),
    departments(members), ideaList(members));
  return el("section", {}, head(say("p:groups")), shown.length ? shown.map(group) : el("p", { class: "dim" }, say("p:no groups")),
    data.groups.length > shown.length ? el("p", { class: "dim" }, say("p:more", { n: whole(data.groups.length - shown.length) })) : "");
}

function departments(members) {
  const names = [...new Set(members.map((i) => ideas[i].dep).filter(Boolean))];
  return names.length > 1 ? el("div", { class: "dim" }, say("p:group departments", { names: names.slice(0, 8).join(", ") })) : "";
}

function themeSection() {
  if (!data.themes.length) return "";
  const theme = ([members, category, words]) => {
    const name = category ? say(`l:${category}`) : say("p:mixed");
    const told = words.join(" · ");
    const strip = el("div", { class: "strip", "aria-hidden": "true" }, verdicts.map((verdict, v) => {
      const part = el("i", { class: verdict });
      const n = members.filter((i) => ideas[i].v === v).length;
      part.style.flex = `${n} 0 0`;
      return n ? part : "";
    }));
    return el("div", { class: "group" }, el("b", {}, name), told && el("span", { class: "words" }, ` · ${say("p:key words")}${state.lang ? "：" : ": "}${told}`), " ",
      goTo(members, category || !told ? name : told), strip, ideaList(members, 2));
  };
  return el("section", {}, head(say("p:themes")), data.themes.map(theme));
}

function askSection() {
  const rows = data.asks.map(([name, asked, members, turned, owners]) => [
    el("span", {}, el("b", {}, name[state.lang]), el("div", { class: "dim" }, asked[state.lang])),
    meta.owner ? owners.slice(0, 6).map(([owner, n]) => `${owner} (${whole(n)})`).join(", ") : null,
    goTo(members, name[state.lang]), turned.length ? goTo(turned, name[state.lang]) : "–",
  ].filter((c) => c !== null));
  const heads = [say("p:fact"), meta.owner && say("p:whom"), say("p:asked"), say("p:turned")].filter(Boolean);
  return el("section", {}, head(say("p:asks")), rows.length ? [el("p", { class: "dim" }, say("p:asks lead")), tableOf(heads, rows, 2)] : el("p", { class: "dim" }, say("p:nothing to ask")));
}

function insteadSection() {
  if (!data.instead.length) return "";
  const anyMoney = data.instead.some(([, , n]) => n);
  const rows = data.instead.map(([kind, members, n, ...amounts]) => [
    say(`t:${kind}`), goTo(members, say(`t:${kind}`)), ...(anyMoney ? [whole(n), ...amounts.map((x) => (n ? usd(x) : "–"))] : [])]);
  const heads = ["technique", "asked", ...(anyMoney ? ["money of", "model month", "simpler month", "saving", "build"] : [])];
  return el("section", {}, head(say("p:instead")), tableOf(heads.map((k) => say(`p:${k}`)), rows, heads.length - 1),
    beside());
}

/** Say where the right tool is the cheaper one, and where not. */
function beside() {
  const { cheaper, dearer } = data.money;
  const told = [cheaper && say("p:cheaper", { n: whole(cheaper) }), dearer && say("p:dearer", { n: whole(dearer) })].filter(Boolean);
  return told.length ? el("p", { class: "dim" }, [...told, say("p:orders")].join(state.lang ? "" : " ")) : "";
}

function topOfPage() {
  const button = (key, action) => el("button", { type: "button", id: key, onclick: action }, say(`p:${key.replace("-", " ")}`));
  const about = [meta.source, nIdeas(ideas.length), meta.made && say("p:made", { date: meta.made }),
    `fitcheck ${meta.fitcheck}${meta.model ? ` (${meta.model})` : ""}`].filter(Boolean).join(" · ");
  return [
    el("header", {}, el("div", {}, el("h1", {}, meta.title || say("p:title")), el("p", { class: "dim" }, about)),
      el("div", { class: "tools" }, button("switch-language", () => { state.lang = 1 - state.lang; draw(); }), button("theme", switchTheme), button("print", () => window.print()))),
    meta.different ? el("p", { class: "warning", role: "note" }, say(meta.different === 1 ? "p:1 different" : "p:different", { n: whole(meta.different) })) : ""];
}

function switchTheme() {
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  drawMap();
  drawMonths();
}

function draw() {
  root.lang = state.lang ? "zh-CN" : "en";
  document.title = meta.title || say("p:title");
  const focused = document.activeElement?.id;
  document.querySelector("main").replaceChildren(...topOfPage(), glance(), chartSections(), tableSection(), lensSection(), insteadSection(),
    el("div", { class: "half" }, el("div", {}, groupSection()), el("div", {}, themeSection(), askSection())), el("section", { id: "printed" }));
  apply();
  clearTimeout(waiting);
  drawMap();
  drawMonths();
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

document.addEventListener("keydown", (event) => {
  if (event.key === "/" && !panel.open && !/^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) {
    event.preventDefault();
    searchBox.focus();
  } else if (event.key === "Escape" && event.target === searchBox) {
    grid.focus();
  }
});
window.addEventListener("beforeprint", () => {
  root.dataset.was = root.dataset.theme ?? "";
  root.dataset.theme = "light";
  layOutForPrint();
  drawMap();
  drawMonths();
});
window.addEventListener("afterprint", () => {
  if (root.dataset.was) root.dataset.theme = root.dataset.was;
  else delete root.dataset.theme;
  drawMap();
  drawMonths();
});
window.addEventListener("resize", () => drawRows());
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { drawMap(); drawMonths(); });
Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
draw();
root.dataset.ready = "yes";
