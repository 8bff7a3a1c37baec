// Events: those of a job by fetch, for an EventSource can't send a key. Who loses the line goes on after the last one.

import { Problem, ask } from "./asking.js";

const RETRY = 1500; // milliseconds

// Each event as {kind, data}. It ends with `result` or `error`, or where there is nothing more to come.
export async function* events(path, signal) {
  for (let last = ""; ;) {
    try {
      const headers = last ? { "Last-Event-ID": last } : {};
      const response = await ask(path, { accept: "text/event-stream", headers, signal });
      if (response.status === 204) return;
      for await (const { id, kind, data } of parse(response.body)) {
        last = id || last;
        yield { kind, data };
        if (kind === "result" || kind === "error") return;
      }
    } catch (error) {
      if (error.name === "AbortError") throw error;
      if (error instanceof Problem && error.status && error.status !== 429 && error.status !== 503) throw error;
    }
    await new Promise((done) => setTimeout(done, RETRY));
    signal.throwIfAborted();
  }
}

async function* parse(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  let event = {};
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    text += value;
    const lines = text.split(/\r?\n/);
    text = lines.pop();
    for (const line of lines) {
      const [, name, told] = /^(\w+): ?(.*)$/.exec(line) ?? [];
      if (name) event[name] = told;
      else if (line === "" && event.event) {
        yield { id: event.id, kind: event.event, data: event.data };
        event = {};
      }
    }
  }
}
