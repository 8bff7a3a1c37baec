// Documents: what is to be compared, as cards. A card's text is kept here, not in its fields, until it is opened.

import { ask } from "./asking.js";

const READ_HERE = { txt: "text", text: "text", md: "markdown", markdown: "markdown", html: "html", htm: "html" };
const READ_THERE = {
  pdf: "application/pdf",
  docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
};

export class Documents {
  #list;
  #template;
  #changed;
  #entries = []; // {card, text, format, id, url, published_at}

  constructor(list, template, changed) {
    this.#list = list;
    this.#template = template;
    this.#changed = changed;
  }

  get count() {
    return this.#entries.length;
  }

  // The documents as a request holds them. Those without any text are left away.
  collect() {
    return this.#entries.filter(({ text }) => text.trim()).map((entry) => this.#collectOne(entry));
  }

  #collectOne(entry) {
    const found = { text: entry.text, format: entry.format };
    if (entry.id) found.id = entry.id;
    if (entry.url) found.url = entry.url;
    for (const input of entry.card.querySelectorAll("[data-field]")) {
      const value = input.value.trim();
      if (value) found[input.dataset.field] = value;
    }
    const given = entry.published_at;
    if (given && found.published_at === given.slice(0, 10)) found.published_at = given; // with its hour
    return found;
  }

  clear() {
    this.#entries = [];
    this.#list.replaceChildren();
  }

  add({ text = "", format = "text", id, title, publisher, published_at, url, note }, { open = false } = {}) {
    const card = this.#template.content.firstElementChild.cloneNode(true);
    const entry = { card, text, format, id, url, published_at };
    const fields = { title, publisher, published_at: published_at?.slice(0, 10) };
    for (const input of card.querySelectorAll("[data-field]")) input.value = fields[input.dataset.field] ?? "";
    card.addEventListener("input", () => this.#changed());
    card.querySelector(".card-remove").addEventListener("click", () => this.#remove(entry));
    const details = card.querySelector(".card-text");
    details.addEventListener("toggle", () => this.#open(entry, details));
    if (note) this.#note(entry, note);
    this.#entries.push(entry);
    this.#list.append(card);
    this.#describe(entry);
    this.#number();
    if (open) {
      details.open = true;
      this.#open(entry, details).focus();
    }
    this.#changed();
    return entry;
  }

  #open(entry, details) {
    let area = details.querySelector("textarea");
    if (area) return area;
    area = document.createElement("textarea");
    area.rows = 10;
    area.dir = "auto";
    area.value = entry.text;
    area.placeholder = "Paste the text of one report";
    area.setAttribute("aria-label", `Text of document ${this.#entries.indexOf(entry) + 1}`);
    area.addEventListener("input", () => {
      entry.text = area.value;
      this.#describe(entry);
    });
    details.append(area);
    return area;
  }

  #describe({ card, text, format }) {
    const start = text.trimStart().slice(0, 160).replace(/\s+/g, " ");
    card.querySelector(".card-start").textContent = start || "No text yet";
    const words = text.trim() ? text.trim().split(/\s+/).length : 0;
    const kind = format === "text" ? "" : `${format}, `;
    card.querySelector(".card-size").textContent = `${kind}${words.toLocaleString("en")} ${words === 1 ? "word" : "words"}`;
  }

  #note({ card }, text) {
    const note = card.querySelector(".card-note");
    note.textContent = text;
    note.hidden = false;
  }

  #remove(entry) {
    const place = this.#entries.indexOf(entry);
    this.#entries.splice(place, 1);
    entry.card.remove();
    this.#number();
    this.#changed();
    const next = this.#entries[Math.min(place, this.#entries.length - 1)];
    (next?.card.querySelector(".card-remove") ?? document.querySelector("#choose")).focus();
  }

  #number() {
    this.#entries.forEach(({ card }, index) => {
      card.querySelector(".card-place").textContent = index + 1;
      card.querySelector(".card-remove").setAttribute("aria-label", `Remove document ${index + 1}`);
      for (const label of card.querySelectorAll("label > .unseen"))
        label.textContent = label.textContent.replace(/(of document).*/, `$1 ${index + 1}`);
    });
  }
}

// The document that a file holds. Text is read here, PDF and Word by the service.
export async function readFile(file) {
  const kind = /\.(\w+)$/.exec(file.name)?.[1].toLowerCase() ?? "";
  const name = file.name.replace(/\.\w+$/, "");
  if (READ_HERE[kind]) {
    try {
      const text = new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
      return { text, title: name, format: READ_HERE[kind] };
    } catch {
      throw new Error(`${file.name} is not UTF-8: save it as text in UTF-8`);
    }
  }
  if (!READ_THERE[kind]) throw new Error(`${file.name} is of no format that is read: .txt, .md, .html, .pdf and .docx are`);
  const headers = { "Content-Type": READ_THERE[kind] };
  try {
    const found = await (await ask("/v1/texts", { method: "POST", body: file, headers })).json();
    return { text: found.text, title: found.title || name, format: found.format, note: found.warnings.map((w) => w.detail).join(" ") };
  } catch (error) {
    throw new Error(`${file.name}: ${error.message}`);
  }
}
