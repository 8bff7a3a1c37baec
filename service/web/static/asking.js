// Asking: requests to the service. What goes wrong is a Problem whose message is fit for the reader.

const KEY = "concord-key";

export class Problem extends Error {
  constructor(status, told) {
    super(told);
    this.status = status;
  }
}

export async function ask(path, { json, accept = "application/json", headers = {}, ...options } = {}) {
  const request = { headers: { Accept: accept, ...headers }, ...options };
  if (json !== undefined) {
    request.method = "POST";
    request.body = JSON.stringify(json);
    request.headers["Content-Type"] = "application/json";
  }
  const response = await send(path, request);
  if (!response.ok) throw new Problem(response.status, await explain(response));
  return response;
}

// Sends the key of this tab along. Where another is asked for, the reader is asked, and the request made again.
async function send(path, request) {
  for (;;) {
    const key = kept();
    if (key) request.headers.Authorization = `Bearer ${key}`;
    let response;
    try {
      response = await fetch(path, request);
    } catch (error) {
      if (error.name === "AbortError") throw error;
      throw new Problem(0, "The service can't be reached: does it run?");
    }
    if (response.status !== 401 || (kept() === key && !(await askForKey(Boolean(key))))) return response;
  }
}

let asked = null; // one question for all requests that wait for its answer

function askForKey(refused) {
  asked ??= new Promise((answer) => {
    const dialog = document.querySelector("#key");
    const field = dialog.querySelector("input");
    dialog.querySelector("#key-refused").hidden = !refused;
    dialog.returnValue = "";
    field.value = "";
    dialog.addEventListener("close", () => {
      const key = dialog.returnValue === "use" ? field.value.trim() : "";
      field.value = "";
      if (key) sessionStorage.setItem(KEY, key);
      asked = null;
      answer(Boolean(key));
    }, { once: true });
    dialog.showModal();
  });
  return asked;
}

function kept() {
  return sessionStorage.getItem(KEY) ?? "";
}

async function explain(response) {
  try {
    return tell(await response.json());
  } catch {
    return `The service answered ${response.status}.`;
  }
}

// A problem (RFC 9457) in words: pointers into the request become the documents' places.
export function tell(problem) {
  const errors = (problem.errors ?? []).map(({ pointer, detail }) => {
    const place = /^\/documents\/(\d+)(?:\/(\w+))?/.exec(pointer);
    const where = place ? `Document ${Number(place[1]) + 1}${place[2] ? `, ${place[2]}` : ""}` : pointer.slice(1);
    return where ? `${where}: ${detail}` : detail;
  });
  return errors.length ? errors.join("\n") : `${problem.title}: ${problem.detail}`;
}

// A part of a page as a node. Scripts in it would not run, and there are none: every text was escaped.
export async function fetchPart(path, options) {
  const response = await ask(path, { accept: "text/html", ...options });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  return document.adoptNode(page.body.firstElementChild);
}
