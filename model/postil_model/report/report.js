"use strict";
(() => {
  const $ = (selector, from = document) => [...from.querySelectorAll(selector)];
  const READABLE = 11 / 8; // pixels a unit of the figure, at which its smallest words (8 units) have 11 pixels

  // what is folded is printed
  let folded = [];
  addEventListener("beforeprint", () => { folded = $("details:not([open])"); folded.forEach(d => { d.open = true; }); });
  addEventListener("afterprint", () => { folded.forEach(d => { d.open = false; }); folded = []; });
  $(".plot svg").forEach(svg => { svg.style.width = svg.viewBox.baseVal.width * READABLE + "px"; });

  const stage = document.querySelector(".stage");
  if (!stage) return;
  const view = document.querySelector(".drawing"), panel = document.querySelector("aside");
  const slider = document.querySelector("#threshold"), shown = document.querySelector("#threshold-shown");
  const drawings = [...view.children];
  const captions = $(".caption"), levels = drawings.map(d => Number(d.dataset.threshold));
  const lists = new Map($("details.evidence").map(d => [d.dataset.for, d]));
  const peopleOf = list => JSON.parse(list.dataset.people);
  const nameOf = g => g.id.replace(/^t\d+-/, "");
  const narrow = matchMedia("(max-width: 1000px)");
  let chosen = null, last = null, zoom = 0;
  slider.value = String(Math.max(drawings.findIndex(d => !d.hidden), 0));

  // --- zoom and pan

  const now = () => drawings[Number(slider.value)];
  const widthOf = d => d.querySelector("svg").viewBox.baseVal.width;
  const fitting = () => (view.clientWidth - 2) / widthOf(now());
  const setZoom = (wanted, x = view.clientWidth / 2, y = view.clientHeight / 2) => {
    const to = Math.min(Math.max(wanted, Math.min(fitting(), READABLE) * .7), 6), by = zoom ? to / zoom : 1;
    const left = (view.scrollLeft + x) * by - x, top = (view.scrollTop + y) * by - y;
    zoom = to;
    drawings.forEach(d => { d.querySelector("svg").style.width = widthOf(d) * zoom + "px"; });
    view.scrollLeft = left; view.scrollTop = top;
    document.querySelector("#zoom-shown").textContent = Math.round(100 * zoom / READABLE) + "%";
  };
  const centred = () => { view.scrollLeft = Math.max((view.scrollWidth - view.clientWidth) / 2, 0); };
  const zooms = {
    in: () => setZoom(zoom * 1.25), out: () => setZoom(zoom / 1.25),
    fit: () => { setZoom(Math.min(fitting(), 2)); view.scrollTop = 0; centred(); },
  };
  $("[data-zoom]").forEach(b => b.addEventListener("click", () => { zooms[b.dataset.zoom](); keep(); }));
  view.addEventListener("keydown", e => {
    const asked = { "+": "in", "=": "in", "-": "out", "0": "fit" }[e.key];
    if (asked && !e.ctrlKey && !e.metaKey) { e.preventDefault(); zooms[asked](); }
  });
  view.addEventListener("wheel", e => {
    if (!e.ctrlKey && !e.metaKey) return;
    e.preventDefault();
    const at = view.getBoundingClientRect();
    setZoom(zoom * Math.exp(-e.deltaY * .004), e.clientX - at.left, e.clientY - at.top);
  }, { passive: false });
  let grip = null, moved = false;
  view.addEventListener("pointerdown", e => {
    moved = false;
    if (e.pointerType === "mouse" && e.button === 0) grip = { x: e.clientX, y: e.clientY, left: view.scrollLeft, top: view.scrollTop };
  });
  addEventListener("pointermove", e => {
    if (!grip) return;
    if (!moved && Math.hypot(e.clientX - grip.x, e.clientY - grip.y) < 5) return;
    moved = true;
    view.classList.add("dragged");
    view.scrollLeft = grip.left - (e.clientX - grip.x); view.scrollTop = grip.top - (e.clientY - grip.y);
  });
  addEventListener("pointerup", () => { grip = null; view.classList.remove("dragged"); });
  view.addEventListener("click", e => { if (moved) { e.preventDefault(); e.stopPropagation(); moved = false; } }, true);
  view.addEventListener("dragstart", e => e.preventDefault());
  let pinch = null;
  const spread = t => Math.hypot(t[0].clientX - t[1].clientX, t[0].clientY - t[1].clientY);
  view.addEventListener("touchstart", e => { pinch = e.touches.length === 2 ? { spread: spread(e.touches), zoom } : null; }, { passive: true });
  view.addEventListener("touchmove", e => {
    if (!pinch || e.touches.length !== 2) return;
    e.preventDefault();
    const at = view.getBoundingClientRect(), t = e.touches;
    setZoom(pinch.zoom * spread(t) / pinch.spread, (t[0].clientX + t[1].clientX) / 2 - at.left, (t[0].clientY + t[1].clientY) / 2 - at.top);
  }, { passive: false });

  // --- what is said by whom

  const people = () => $(".person").filter(b => b.getAttribute("aria-pressed") === "true").map(b => b.textContent);
  const counted = n => n + (n === 1 ? " passage" : " passages");
  // a list under the people asked for: the others' passages are hidden, and its heading counts what is left
  const sift = list => {
    const some = people(), source = lists.get(list.dataset.for);
    const all = peopleOf(source);
    const quotes = $("blockquote", list);
    quotes.forEach(q => { q.hidden = some.length > 0 && !some.includes(q.dataset.person); });
    list.querySelector(".kn").textContent = some.length ? all.filter(p => some.includes(p)).length + "/" + some.length : all.length + "/" + source.dataset.n;
    const count = list.querySelector(".count");
    if (count) count.textContent = counted(quotes.filter(q => !q.hidden).length);
  };
  const mark = () => {
    const some = people();
    $("g.live", view).forEach(g => {
      const all = peopleOf(lists.get(nameOf(g)));
      g.classList.toggle("dim", some.length > 0 && !all.some(p => some.includes(p)));
      g.classList.toggle("chosen", nameOf(g) === chosen);
    });
    lists.forEach(sift);
    $(".only").forEach(p => { // also in print, where the buttons are not
      p.hidden = some.length === 0; p.textContent = "Only what " + some.join(", ") + (some.length === 1 ? " says" : " say") + " is shown.";
    });
    if (chosen) sift(panel);
  };

  // --- the mark that is looked at, and what stands behind it

  const markOf = name => now().querySelector("#" + CSS.escape("t" + now().dataset.threshold + "-" + name));
  const keep = () => {
    const g = chosen && markOf(chosen);
    panel.querySelectorAll(".gone").forEach(p => { p.hidden = Boolean(g); });
    if (!g) return;
    if (narrow.matches) view.scrollIntoView({ block: "start", behavior: "instant" });
    else view.scrollIntoView({ block: "nearest", behavior: "instant" });
    const at = view.getBoundingClientRect(), room = innerHeight - Math.max(at.top, 12) - 12;
    panel.style.maxHeight = narrow.matches ? "" : Math.max(room, 320) + "px"; // to the lower edge of the window
    let m = g.getBoundingClientRect();
    const words = g.querySelector("text"); // of an arrow that is longer than the view, its words
    if (words && (m.width > at.width - 40 || m.height > at.height - 40)) m = words.getBoundingClientRect();
    if (m.left < at.left + 12 || m.right > at.right - 12) view.scrollLeft += m.left + m.width / 2 - at.left - at.width / 2;
    if (m.top < at.top + 12 || m.bottom > at.bottom - 12) view.scrollTop += m.top + m.height / 2 - at.top - at.height / 2;
  };
  const show = () => {
    drawings.forEach(d => { d.hidden = d !== now(); });
    captions.forEach(c => { c.hidden = c.dataset.threshold !== now().dataset.threshold; });
    const t = levels[Number(slider.value)];
    shown.textContent = t === 1 ? "1 participant" : t + " participants";
    mark(); keep();
  };
  const open = (name, from) => {
    const list = lists.get(name);
    if (!list) return;
    chosen = name; last = from;
    if (!markOf(name)) { // it is drawn under another threshold: the nearest one
      const here = Number(slider.value);
      const near = levels.map((_, at) => at).filter(at => document.getElementById("t" + levels[at] + "-" + name));
      if (near.length) { slider.value = String(near.sort((a, b) => Math.abs(a - here) - Math.abs(b - here))[0]); }
    }
    const body = list.cloneNode(true), title = document.createElement("h3"), close = document.createElement("button");
    title.append(...body.querySelector("summary").childNodes);
    body.querySelector("summary").remove();
    close.className = "close"; close.setAttribute("aria-label", "Close"); close.textContent = "×";
    const gone = document.createElement("p");
    gone.className = "note gone"; gone.textContent = "Not drawn under this threshold.";
    panel.replaceChildren(close, title, gone, ...body.childNodes);
    panel.dataset.for = name;
    panel.hidden = false; panel.scrollTop = 0; stage.classList.add("open");
    show();
    panel.focus({ preventScroll: true });
  };
  const shut = () => {
    chosen = null; panel.hidden = true; stage.classList.remove("open"); mark();
    if (last) last.focus({ preventScroll: true });
  };

  $("svg", view).forEach(svg => svg.setAttribute("role", "group")); // a picture hides its parts from screen readers; here they are buttons
  $("g.node, g.edge", view).filter(g => lists.has(nameOf(g))).forEach(g => {
    g.classList.add("live"); g.setAttribute("tabindex", "0"); g.setAttribute("role", "button");
    g.setAttribute("aria-label", $(".what, .kn", lists.get(nameOf(g)).querySelector("summary")).map(s => s.textContent).join(" "));
    $("path", g).forEach(p => { // a thin line is hard to hit
      const wide = p.cloneNode();
      wide.setAttribute("class", "hit"); p.before(wide);
    });
    g.addEventListener("click", () => open(nameOf(g), g));
    g.addEventListener("keydown", e => { if (e.key === "Enter" || e.key === " ") { e.preventDefault(); open(nameOf(g), g); } });
  });
  panel.addEventListener("click", e => { if (e.target.closest(".close")) shut(); });
  document.addEventListener("keydown", e => { if (e.key === "Escape" && !panel.hidden) shut(); });
  $(".person").forEach(b => b.addEventListener("click", () => {
    b.setAttribute("aria-pressed", String(b.getAttribute("aria-pressed") !== "true")); mark();
  }));
  slider.addEventListener("input", show);
  addEventListener("resize", () => { if (chosen) keep(); });
  document.querySelector(".controls").hidden = false;
  const follow = () => {
    let name = location.hash.slice(1);
    try { name = decodeURIComponent(name); } catch { /* not encoded */ }
    open(name, null);
  };
  addEventListener("hashchange", follow);
  setZoom(Math.min(Math.max(fitting(), READABLE), 1.8));
  show();
  follow();
})();
