// The page: puts the parts together. One view is shown at a time; the address names a kept summary by `#sum_…`.

import { ask, fetchPart } from "./asking.js";
import { Documents, readFile } from "./documents.js";
import { enhance, settle } from "./reading.js";
import { cancel, follow, start } from "./running.js";
import { take } from "./taking.js";
import { announce, enable, get, go, guarded, tellProblem, turn } from "./views.js";

const ESTIMATE_AFTER = 400; // milliseconds without a change
const documents = new Documents(get("cards"), get("card"), changed);
let running = null; // {id, stop}
let estimating = null;
let waiting = 0;
const unsent = new Set(); // what a reload would lose: "documents" until a run keeps them, "text" until it is checked

// ---- documents

function changed() {
  const { count } = documents;
  get("how-many").textContent = count || "";
  get("documents-view").classList.toggle("full", count > 0);
  get("options").hidden = get("start").hidden = count === 0;
  enable("check", count > 0);
  get("against").textContent = count === 1 ? "the one document" : `the ${count} documents`;
  clearTimeout(waiting);
  estimating?.abort();
  waiting = setTimeout(estimate, ESTIMATE_AFTER);
}

function collect() {
  const request = { documents: documents.collect() };
  for (const [name, id] of [["max_sentences", "max-sentences"], ["quorum", "quorum"], ["max_cost_usd", "max-cost"]])
    if (get(id).value) request[name] = Number(get(id).value);
  if (get("focus").value.trim()) request.focus = get("focus").value.trim();
  return request;
}

async function estimate() {
  const request = collect();
  allowRun(request);
  if (!request.documents.length) {
    get("estimate").textContent = "No text yet.";
    return;
  }
  estimating = new AbortController();
  try {
    const found = await (await ask("/v1/estimates", { json: request, signal: estimating.signal })).json();
    showEstimate(request.documents.length, found);
  } catch (error) {
    if (error.name !== "AbortError") get("estimate").textContent = error.message;
  }
}

// One run at a time: a second would leave the first to go on, and to cost, unseen.
function allowRun(request = collect()) {
  get("run").disabled = running !== null || request.documents.length === 0;
}

function showEstimate(count, found) {
  const size = document.createElement("b");
  const tokens = found.document_tokens.toLocaleString("en");
  size.textContent = `${count} ${count === 1 ? "document" : "documents"}, ${tokens} tokens`;
  get("estimate").replaceChildren(size, ` · ${bound(found)}${count === 1 ? " · one report agrees with nobody: add another" : ""}`);
}

function bound(found) {
  if (!found.requests) return "no model is asked: it costs nothing";
  const most = `at most ${found.requests.toLocaleString("en")} requests to ${found.model.name}`;
  if (found.cost_usd === null) return `${most}, which has no price set`;
  return `${most}, $${found.cost_usd.toFixed(found.cost_usd < 0.1 ? 4 : 2)}`;
}

async function addFiles(files) {
  tellProblem("");
  const read = await Promise.allSettled([...files].map(readFile));
  for (const { value } of read) if (value) documents.add(value);
  if (read.some(({ value }) => value)) unsent.add("documents");
  const failed = read.filter(({ status }) => status === "rejected").map(({ reason }) => reason.message);
  if (failed.length) tellProblem(failed.join("\n"));
}

async function listSamples() {
  const samples = await (await ask("/page/samples")).json();
  get("samples-list").replaceChildren(...samples.map(({ name, title, documents: count }) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = `${title} (${count})`;
    button.addEventListener("click", guarded(() => fill(`/page/samples/${name}`)));
    return button;
  }));
  get("samples").hidden = samples.length === 0;
}

async function fill(path) {
  const request = await (await ask(path)).json();
  documents.clear();
  for (const document of request.documents) documents.add(document);
  unsent.delete("documents");
}

// ---- a run and its result

async function run() {
  const request = collect();
  const invalid = [...document.querySelectorAll(".fields input")].find((input) => !input.checkValidity());
  if (invalid) {
    get("options").open = true;
    invalid.reportValidity();
    return;
  }
  get("run").disabled = true;
  try {
    const id = await start(request);
    unsent.delete("documents");
    history.pushState(null, "", `#${id}`);
    await watch(id);
  } finally {
    allowRun();
  }
}

async function watch(id) {
  const stop = new AbortController();
  running?.stop.abort();
  running = { id, stop };
  allowRun();
  enable("result"); // until there is one, it leads back to the run
  go("run");
  try {
    await follow(id, stop.signal);
    await show(id);
  } catch (error) {
    if (error.name === "AbortError") return;
    history.replaceState(null, "", location.pathname);
    go("documents");
    throw error;
  } finally {
    if (running?.id === id) ended();
  }
}

function ended() {
  running = null;
  enable("result", get("result").firstElementChild !== null);
  allowRun();
}

async function show(id) {
  const result = await fetchPart(`/page/summaries/${id}`);
  get("result").replaceChildren(result);
  result.querySelector(".opening").after(get("take"));
  enhance(result);
  enable("result");
  go("result");
  announce(`The result: ${result.querySelectorAll("#summary .told > li").length} sentences.`);
}

async function stopRun() {
  const { id, stop } = running ?? {};
  if (!id) return;
  stop.abort();
  ended();
  history.replaceState(null, "", location.pathname);
  go("documents");
  await cancel(id);
  announce("Cancelled.");
}

// The address names a summary: one that is done is shown at once, another is followed.
async function visit() {
  const id = /^#(sum_[0-9a-f]+)$/.exec(location.hash)?.[1];
  if (!id) {
    if (!location.hash && !running) turn("documents");
    return;
  }
  if (running?.id === id) return turn("run");
  if (get("result").querySelector(`[data-job="${id}"]`)) return turn("result");
  const job = await (await ask(`/v1/summaries/${id}`)).json();
  if (!documents.count) await fill(`/page/summaries/${id}/request`);
  if (job.result) await show(id);
  else await watch(id);
}

// ---- a text of one's own

async function verify() {
  const text = get("own-text").value;
  if (!text.trim()) {
    get("own-text").focus();
    return;
  }
  get("verify").disabled = true;
  get("checking").textContent = "Checking…";
  tellProblem("");
  try {
    const { documents: against, max_cost_usd } = collect();
    const result = await fetchPart("/page/verifications", { json: { text, documents: against, max_cost_usd } });
    get("verdicts").replaceChildren(result);
    enhance(result);
    unsent.delete("text");
    result.querySelector("h1").focus();
  } finally {
    get("verify").disabled = false;
    get("checking").textContent = "";
  }
}

// ---- the theme

const THEMES = ["", "light", "dark"];

function nameTheme() {
  const { theme = "" } = document.documentElement.dataset;
  get("theme").ariaLabel = `Theme: ${theme || "as the system has it"}`;
}

function nextTheme() {
  const { dataset } = document.documentElement;
  const next = THEMES[(THEMES.indexOf(dataset.theme ?? "") + 1) % THEMES.length];
  if (next) dataset.theme = next;
  else delete dataset.theme;
  try {
    localStorage.setItem("concord-theme", next);
  } catch {
    // it holds for this visit
  }
  nameTheme();
}

// ---- what is listened to

for (const button of document.querySelectorAll("[data-go]"))
  button.addEventListener("click", () => go(button.dataset.go === "result" && running ? "run" : button.dataset.go));
get("theme").addEventListener("click", nextTheme);
get("choose").addEventListener("click", () => get("files").click());
get("files").addEventListener("change", guarded(async ({ target }) => {
  await addFiles(target.files);
  target.value = "";
}));
get("paste").addEventListener("click", () => documents.add({}, { open: true }));
get("options").addEventListener("input", changed);
get("cards").addEventListener("input", () => unsent.add("documents"));
get("own-text").addEventListener("input", () => unsent.add("text"));
addEventListener("beforeunload", (event) => {
  if (unsent.size) event.preventDefault(); // the browser asks
});
get("run").addEventListener("click", guarded(run));
get("cancel").addEventListener("click", guarded(stopRun));
get("verify").addEventListener("click", guarded(verify));
get("take").addEventListener("click", guarded(async ({ target }) => {
  const { take: kind } = target.dataset;
  if (kind) announce(await take(kind, get("result").firstElementChild));
}));
// Anchors within a result do not change the address, which names the summary.
document.addEventListener("click", (event) => {
  const anchor = event.target.closest(".result a[href^='#']:not(.cite)");
  if (!anchor) return;
  event.preventDefault();
  const place = anchor.closest(".result").querySelector(`#${CSS.escape(anchor.hash.slice(1))}`);
  for (let details = place.closest("details"); details; details = details.parentElement.closest("details")) details.open = true;
  for (const found of document.querySelectorAll(".found")) found.classList.remove("found");
  if (place.matches(".said")) place.classList.add("found");
  settle(() => place.scrollIntoView({ block: "start" }), place);
  place.tabIndex = -1;
  place.focus({ preventScroll: true });
});
for (const kind of ["dragenter", "dragover"])
  addEventListener(kind, (event) => {
    event.preventDefault();
    document.body.classList.add("dropping");
  });
for (const kind of ["dragleave", "drop"]) addEventListener(kind, () => document.body.classList.remove("dropping"));
addEventListener("drop", guarded(async (event) => {
  event.preventDefault();
  if (document.body.dataset.view !== "documents") go("documents");
  await addFiles(event.dataTransfer.files);
}));
addEventListener("hashchange", guarded(visit));

document.body.dataset.view = "documents";
nameTheme();
guarded(listSamples)();
guarded(visit)();
