// Running: a summary as a job, its steps and sentences shown as they come. Whoever loses the line goes on where it was.

import { Problem, ask, tell } from "./asking.js";
import { events } from "./events.js";

const STEPS = { read: "Read", extract: "Extract", compare: "Compare", write: "Write", verify: "Verify" };

export async function start(request) {
  const response = await ask("/v1/summaries", { json: request, headers: { Prefer: "respond-async" } });
  return response.headers.get("Location").split("/").pop();
}

export async function cancel(id) {
  await ask(`/v1/summaries/${id}`, { method: "DELETE", accept: "*/*" });
}

// Shows a job until it is over. Rejects with the problem that it ends with; `signal` ends the watching alone.
export async function follow(id, signal) {
  const shown = new Run();
  for await (const { kind, data } of events(`/v1/summaries/${id}/events`, signal)) {
    if (kind === "result") return;
    const told = JSON.parse(data);
    if (kind === "error") throw new Problem(told.status, tell(told));
    if (kind === "stage") shown.stage(told);
    if (kind === "sentence") shown.sentence(told);
  }
}

class Run {
  #stages = document.querySelector("#stages");
  #arrived = document.querySelector("#arrived");

  constructor() {
    this.#arrived.replaceChildren();
    document.querySelector("#arrived-name").hidden = true;
    this.#stages.replaceChildren(...Object.entries(STEPS).map(([name, title]) => {
      const item = document.createElement("li");
      item.dataset.stage = name;
      const [state, label, bar, amount] = ["span", "span", "progress", "span"].map((tag) => document.createElement(tag));
      state.textContent = "·";
      state.ariaHidden = "true";
      label.textContent = title;
      bar.value = 0;
      bar.max = 1;
      bar.ariaLabel = title;
      amount.className = "amount";
      item.append(state, label, bar, amount);
      return item;
    }));
  }

  stage({ stage, done, total }) {
    const item = [...this.#stages.children].find((each) => each.dataset.stage === stage);
    if (!item) return;
    const [state, , bar, amount] = item.children;
    bar.max = Math.max(1, total);
    bar.value = total ? done : 1;
    amount.textContent = total > 1 ? `${done} of ${total}` : "";
    item.classList.toggle("done", done >= total);
    state.textContent = done >= total ? "✓" : "·";
    const now = [...this.#stages.children].find((each) => !each.classList.contains("done"));
    for (const each of this.#stages.children) each.classList.toggle("now", each === now);
    if (now) now.firstElementChild.textContent = "›";
  }

  sentence({ text, documents }) {
    document.querySelector("#arrived-name").hidden = false;
    const item = document.createElement("li");
    const small = document.createElement("small");
    small.textContent = documents.length === 1 ? "1 document" : `${documents.length} documents`;
    item.append(`${text} `, small);
    this.#arrived.append(item);
  }
}
