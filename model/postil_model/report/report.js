"use strict";
(() => {
  const $ = (selector, from = document) => [...from.querySelectorAll(selector)];
  if (!document.querySelector(".stage")) return;
  const stage = document.querySelector(".stage"), panel = document.querySelector("aside");
  const slider = document.querySelector("#threshold"), shown = document.querySelector("#threshold-shown");
  const drawings = $(".drawing > div"), levels = drawings.map(d => Number(d.dataset.threshold));
  const lists = new Map($("details.evidence").map(d => [d.dataset.for, d]));
  const nameOf = g => g.id.replace(/^t\d+-/, "");
  let chosen = null, last = null;

  // a picture hides its parts from screen readers; here they are buttons
  $(".drawing svg").forEach(svg => svg.setAttribute("role", "group"));
  const show = () => {
    const t = levels[Number(slider.value)];
    drawings.forEach(d => { d.hidden = Number(d.dataset.threshold) !== t; });
    shown.textContent = t === 1 ? "1 participant" : t + " participants";
    mark();
  };
  const people = () => $(".person").filter(b => b.getAttribute("aria-pressed") === "true").map(b => b.textContent);
  const tell = (list) => {
    const all = list.dataset.people ? list.dataset.people.split(" ") : [], some = people();
    const kept = some.length ? all.filter(p => some.includes(p)) : all;
    return kept.length + "/" + (some.length || list.dataset.n);
  };
  const mark = () => {
    const some = people();
    $(".drawing g.live").forEach(g => {
      const list = lists.get(nameOf(g)), all = list.dataset.people.split(" ");
      g.classList.toggle("dim", some.length > 0 && !all.some(p => some.includes(p)));
      g.classList.toggle("chosen", nameOf(g) === chosen);
    });
    if (chosen) panel.querySelector(".kn").textContent = tell(lists.get(chosen));
  };
  const open = (name, from) => {
    const list = lists.get(name);
    if (!list) return;
    chosen = name; last = from;
    const body = list.cloneNode(true), title = body.querySelector(".what").innerHTML;
    body.querySelector("summary").remove();
    panel.innerHTML = '<button class="close" aria-label="Close">×</button><h3>' + title + ' <span class="kn"></span></h3>' + body.innerHTML;
    panel.hidden = false; stage.classList.add("open"); mark(); panel.focus();
  };
  const close = () => { chosen = null; panel.hidden = true; stage.classList.remove("open"); mark(); if (last) last.focus(); };

  $(".drawing g.node, .drawing g.edge").filter(g => lists.has(nameOf(g))).forEach(g => {
    const list = lists.get(nameOf(g));
    g.classList.add("live"); g.setAttribute("tabindex", "0"); g.setAttribute("role", "button");
    g.setAttribute("aria-label", list.querySelector("summary").textContent.trim());
    $("a", g).forEach(a => a.removeAttribute("href"));
    g.addEventListener("click", e => { e.preventDefault(); open(nameOf(g), g); });
    g.addEventListener("keydown", e => { if (e.key === "Enter" || e.key === " ") { e.preventDefault(); open(nameOf(g), g); } });
  });
  panel.addEventListener("click", e => { if (e.target.closest(".close")) close(); });
  document.addEventListener("keydown", e => { if (e.key === "Escape" && !panel.hidden) close(); });
  $(".person").forEach(b => b.addEventListener("click", () => {
    b.setAttribute("aria-pressed", String(b.getAttribute("aria-pressed") !== "true")); mark();
  }));
  slider.addEventListener("input", show);
  document.querySelector(".controls").hidden = false;
  const follow = () => open(decodeURIComponent(location.hash.slice(1)), null);
  addEventListener("hashchange", follow);
  show();
  follow();
})();
