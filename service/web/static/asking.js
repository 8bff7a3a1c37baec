// Asking: requests to the service. What goes wrong is a Problem whose message is fit for the reader.

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
  let response;
  try {
    response = await fetch(path, request);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem(0, "The service can't be reached.");
  }
  if (!response.ok) throw new Problem(response.status, await explain(response));
  return response;
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
    return place ? `Document ${Number(place[1]) + 1}${place[2] ? `, ${place[2]}` : ""}: ${detail}` : detail;
  });
  return errors.length ? errors.join("\n") : `${problem.title}: ${problem.detail}`;
}

// A part of a page as a node. Scripts in it would not run, and there are none: every text was escaped.
export async function fetchPart(path, options) {
  const response = await ask(path, { accept: "text/html", ...options });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  return document.adoptNode(page.body.firstElementChild);
}
