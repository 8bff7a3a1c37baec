// Views: one is shown at a time; problems and news are told in all of them.

export const get = (id) => document.getElementById(id);

export function go(name) {
  document.body.dataset.view = name;
  for (const view of document.querySelectorAll(".view")) view.hidden = view.id !== `${name}-view`;
  for (const button of document.querySelectorAll("[data-go]")) {
    if (button.dataset.go === name) button.setAttribute("aria-current", "page");
    else button.removeAttribute("aria-current");
  }
  tellProblem("");
  scrollTo(0, 0);
  get(`${name}-view`).querySelector("h1")?.focus();
}

// Where Back and Forward lead; a link inside a view leaves it as it is.
export function turn(name) {
  if ((document.body.dataset.view ?? "documents") !== name) go(name);
}

export function enable(name, enabled = true) {
  document.querySelector(`[data-go="${name}"]`).disabled = !enabled;
}

export function tellProblem(text) {
  get("problem").textContent = text;
  get("problem").hidden = !text;
  if (text) scrollTo(0, 0);
}

export function announce(text) {
  get("announcement").textContent = text;
}

export const guarded = (work) => async (...given) => {
  try {
    await work(...given);
  } catch (error) {
    if (error?.name !== "AbortError") tellProblem(error.message);
  }
};
