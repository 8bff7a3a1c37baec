// Taking away: a result as text with its citations, as a file, or as a link.

import { ask } from "./asking.js";

const ENDINGS = { "text/markdown": "md", "application/json": "json", "text/html": "html" };

export async function take(kind, result) {
  const id = result.dataset.job;
  if (kind === "copy") return copy(quote(result), "The summary and its citations are copied.");
  if (kind === "link") return copy(new URL(`/#${id}`, location).href, "The link is copied.");
  const response = await ask(`/v1/summaries/${id}`, { accept: kind });
  const content = kind === "application/json" ? JSON.stringify((await response.json()).result, null, 2) : await response.text();
  save(new Blob([content], { type: `${kind};charset=utf-8` }), `${id}.${ENDINGS[kind]}`);
  return "The file is on its way.";
}

// The sentences with their numbers, then what each number quotes.
function quote(result) {
  const quoted = new Map();
  const lines = [...result.querySelectorAll("#summary .told > li")].map((said) => {
    const cites = [...said.querySelectorAll("p > .cites > .cite")];
    for (const cite of cites) {
      const mark = result.querySelector(`mark[data-q~="${cite.textContent}"]`);
      quoted.set(cite.textContent, `${mark.closest(".source").dataset.label}: “${mark.textContent}”`);
    }
    const text = said.querySelector(".words").textContent;
    return `${text} ${cites.map((cite) => `[${cite.textContent}]`).join("")}`;
  });
  const notes = [...quoted].map(([number, words]) => `[${number}] ${words.replace(/\s+/g, " ")}`);
  return `${lines.join("\n")}\n\n${notes.join("\n")}\n`;
}

async function copy(text, told) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    copyByHand(text); // where the page is not served over TLS there is no clipboard
  }
  return told;
}

function copyByHand(text) {
  const area = document.createElement("textarea");
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
