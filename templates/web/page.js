// What the page does beyond forms and links: takes files that are dropped, answers a form without loading the page anew,
// follows what others change, and the keys. Without it everything works, a little slower.
"use strict";
document.documentElement.classList.add("script");

const vi = document.documentElement.lang === "vi";
const say = (v, e) => (vi ? v : e);
const status = () => document.querySelector(".progress");
function tell(words) {
  const box = status();
  box.textContent = words;
  box.hidden = !words;
}

// A page that came by fetch takes the place of the one shown; scroll positions of the boxes stay.
function show(text, place, push) {
  const fresh = new DOMParser().parseFromString(text, "text/html");
  if (!fresh.querySelector("main")) { location.href = place; return; }
  const kept = [...document.querySelectorAll(".sheetbox")].map((box) => [box.scrollLeft, box.scrollTop]);
  const same = new URL(place, location).searchParams.get("sheet") === new URLSearchParams(location.search).get("sheet");
  const y = window.scrollY;
  document.querySelector("main").replaceWith(document.importNode(fresh.querySelector("main"), true));
  document.querySelector(".side").replaceWith(document.importNode(fresh.querySelector(".side"), true));
  for (const name of ["revision", "opened"]) document.body.dataset[name] = fresh.body.dataset[name];
  document.title = fresh.title;
  if (push) history.pushState(null, "", place);
  if (same) {
    [...document.querySelectorAll(".sheetbox")].forEach((box, at) => kept[at] && box.scrollTo(...kept[at]));
    window.scrollTo(0, y);
  }
  ready();
}

// Whatever was asked for last is what is shown.
let turn = 0;
async function load(place, push, mayShow = () => true) {
  const own = (turn += 1);
  const answer = await fetch(place, { headers: { accept: "text/html" } });
  const text = await answer.text();
  if (own === turn && mayShow()) show(text, answer.url, push);
}

// Forms that change something are answered in place.
let busy = false;
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("[data-swap]")) return;
  event.preventDefault();
  if (busy) return;
  busy = true;
  turn += 1;
  const began = performance.now();
  const words = form.dataset.busy;
  if (words) tell(words);
  try {
    const place = event.submitter?.getAttribute("formaction") ?? form.action;
    const answer = await fetch(place, { method: "POST", body: new URLSearchParams(new FormData(form)) });
    show(await answer.text(), answer.url, true);
    document.querySelector("#main").focus({ preventScroll: true });
    window.lastSwap = performance.now() - began;
  } catch {
    tell(say("Trang không trả lời. tonghop còn chạy không? Việc đã ghi không mất.", "The page does not answer. Is tonghop still running? What was written is not lost."));
    busy = false;
    return;
  }
  if (words) tell("");
  busy = false;
});
window.addEventListener("popstate", () => load(location.href, false));

// Files: dropped anywhere, or chosen.
function entries(list) {
  const found = [];
  const walk = (entry, path) => new Promise((done) => {
    if (entry.isFile) {
      entry.file((file) => { found.push([file, path + file.name]); done(); }, () => done());
    } else if (entry.isDirectory) {
      const reader = entry.createReader();
      const all = [];
      const more = () => reader.readEntries((some) => {
        if (some.length) { all.push(...some); more(); return; }
        Promise.all(all.map((inner) => walk(inner, path + entry.name + "/"))).then(done);
      }, () => done());
      more();
    } else { done(); }
  });
  return Promise.all(list.map((entry) => walk(entry, ""))).then(() => found);
}

function send(files, place) {
  if (!files.length) return;
  const body = new FormData();
  files.forEach(([file, name]) => body.append("file", file, name));
  busy = true;
  turn += 1;
  const began = performance.now();
  const request = new XMLHttpRequest();
  request.open("POST", place);
  request.upload.onprogress = (e) => {
    const part = e.lengthComputable ? Math.round((100 * e.loaded) / e.total) : 0;
    tell(say(`Đang đưa ${files.length} tệp vào… ${part} %`, `Taking in ${files.length} files… ${part} %`));
  };
  request.upload.onload = () => tell(say(`Đang đọc ${files.length} tệp…`, `Reading ${files.length} files…`));
  request.onload = () => {
    busy = false;
    window.lastUpload = performance.now() - began;
    tell(request.status >= 400 ? request.responseText.slice(0, 200) : "");
    if (request.status < 400) show(request.responseText, request.responseURL, true);
  };
  request.onerror = () => { busy = false; tell(say("Không đưa được tệp vào: đường truyền đứt, hoặc tệp quá lớn.", "The files could not be taken in: it broke off, or they are too large.")); };
  request.send(body);
}

let over = 0;
const uploads = () => (document.body.dataset.opened === "1" ? document.querySelector("form[data-upload]")?.action ?? "/files" : null);
const marked = (on) => document.querySelectorAll(".drop").forEach((box) => box.classList.toggle("over", on));
document.addEventListener("dragenter", (e) => { if (uploads()) { e.preventDefault(); over += 1; marked(true); } });
document.addEventListener("dragleave", () => { over -= 1; if (over <= 0) { over = 0; marked(false); } });
document.addEventListener("dragover", (e) => { if (uploads()) e.preventDefault(); });
document.addEventListener("drop", async (e) => {
  const place = uploads();
  if (!place) return;
  e.preventDefault();
  over = 0;
  marked(false);
  const items = [...e.dataTransfer.items].map((item) => item.webkitGetAsEntry && item.webkitGetAsEntry()).filter(Boolean);
  const files = items.length ? await entries(items) : [...e.dataTransfer.files].map((f) => [f, f.name]);
  send(files, place);
});
document.addEventListener("change", (e) => {
  const input = e.target;
  const form = input.closest && input.closest("form[data-upload]");
  if (!form || input.type !== "file") return;
  send([...input.files].map((f) => [f, f.webkitRelativePath || f.name]), form.action);
});

// A cell of the sheet that is clicked is the one to be corrected.
function choose(cell) {
  const other = document.querySelector("#other");
  if (!other) return;
  document.querySelectorAll(".sheet td.chosen").forEach((c) => c.classList.remove("chosen"));
  cell.classList.add("chosen");
  other.open = true;
  other.querySelector("[data-target]").value = cell.dataset.cell;
  other.querySelector("[data-seen]").value = cell.dataset.shown ?? "";
  const figure = other.querySelector("[data-figure]");
  figure.value = "";
  figure.focus();
}
document.addEventListener("click", (e) => {
  const cell = e.target.closest && e.target.closest("td[data-cell]");
  if (cell) { choose(cell); return; }
  if (e.target.matches("[data-copies]")) {
    const text = e.target.parentElement.querySelector("[data-copy]");
    text.select();
    navigator.clipboard.writeText(text.value).then(() => tell(say("Đã chép.", "Copied.")), () => document.execCommand("copy"));
    setTimeout(() => tell(""), 1500);
  }
});

// Another cell's name is typed: what is changed is what that cell shows.
document.addEventListener("input", (e) => {
  if (!e.target.matches("[data-target]")) return;
  const cell = document.querySelector(`td[data-cell="${CSS.escape(e.target.value.trim().toUpperCase())}"]`);
  e.target.form.querySelector("[data-seen]").value = cell?.dataset.shown ?? "";
});

// Keys, where nobody is typing.
function neighbour(cell, key) {
  const row = cell.parentElement;
  const rows = [...row.parentElement.children];
  const at = [...row.children].indexOf(cell);
  const next = { ArrowLeft: row.children[at - 1], ArrowRight: row.children[at + 1], ArrowUp: rows[rows.indexOf(row) - 1]?.children[at], ArrowDown: rows[rows.indexOf(row) + 1]?.children[at] }[key];
  return next;
}
document.addEventListener("keydown", (e) => {
  const typing = e.target.matches("input, textarea, select, summary");
  if (e.key === "Escape" && typing) { e.target.blur(); return; }
  if (typing) return;
  const press = (key) => { const at = document.querySelector(`[data-key=${key}]`); if (at) { e.preventDefault(); at.click(); } };
  if ((e.ctrlKey || e.metaKey) && e.key.toLowerCase() === "z") { press("undo"); return; }
  if (e.ctrlKey || e.metaKey || e.altKey) return;
  const cell = e.target.closest(".sheet td, .matrix td, .matrix th");
  if (cell && e.key.startsWith("Arrow")) {
    const next = neighbour(cell, e.key);
    if (next) { e.preventDefault(); const link = next.querySelector("a"); if (!link) next.tabIndex = -1; (link || next).focus(); }
    return;
  }
  if (cell && e.key === "Enter" && cell.dataset.cell) { e.preventDefault(); choose(cell); return; }
  if (e.target.matches("a, button")) return;
  if (document.querySelector(".finding")) {
    if (e.key === "Enter") press("write");
    if (e.key === "ArrowDown" || e.key === "j") press("after");
    if (e.key === "ArrowUp" || e.key === "k") press("before");
  }
});

// What others change is shown when nobody is in the middle of something.
let source = null;
function follow() {
  if (source) source.close();
  source = new EventSource(`/events?since=${document.body.dataset.revision}`);
  source.addEventListener("news", (e) => {
    const [revision, done, all] = e.data.split(" ").map(Number);
    if (all > 0 && done < all) tell(say(`Đang đọc ${done}/${all} tệp…`, `Reading ${done} of ${all} files…`));
    else if (status().textContent.startsWith(say("Đang đọc", "Reading"))) tell("");
    // Asked again when the answer is here: somebody may have begun to type meanwhile.
    const idle = () => !busy && !document.querySelector("details[open] input, details[open] textarea") && !document.activeElement?.matches("input, textarea, select");
    if (revision > Number(document.body.dataset.revision) && idle()) load(location.href, false, idle);
  });
}

function ready() {
  document.querySelector("#guilty")?.scrollIntoView({ block: "nearest", inline: "nearest" });
}
ready();
if (document.body.dataset.follow) follow();
