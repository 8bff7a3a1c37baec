// Reading: a citation opens its source beside the sentence, and marks all that the sentence rests on.
// The report holds this very file, so it imports nothing. Without it the links still lead to their marks.

// Does what scrolls to an element anew until the element stays where it is: of what was out of sight in a large
// result, the true height is known only once it is near.
export function settle(scroll, element, tries = 12) {
  scroll();
  const before = element.getBoundingClientRect().top;
  if (tries > 0)
    requestAnimationFrame(() => requestAnimationFrame(() => {
      if (Math.abs(element.getBoundingClientRect().top - before) > 1) settle(scroll, element, tries - 1);
    }));
}

export function enhance(result) {
  const sources = result.querySelector(".sources");
  const prefix = result.dataset.prefix;
  const strip = sources.querySelector(".strip");
  let origin = null; // the citation that the reader came from

  const numberOf = (cite) => cite.hash.slice(1 + prefix.length);
  const marksOf = (number) => sources.querySelectorAll(`mark[data-q~="${number}"]`);

  function select(cite) {
    const said = cite.closest(".said") ?? cite.parentElement;
    const numbers = [...new Set([...said.querySelectorAll(".cite")].map(numberOf))];
    clear();
    origin = cite;
    said.classList.add("selected");
    cite.classList.add("here");
    for (const number of numbers) for (const mark of marksOf(number)) mark.classList.add("on");
    tell(said, numbers, numberOf(cite));
    sources.classList.add("sheet");
    keepInSight(said);
    go(numberOf(cite));
  }

  function clear() {
    for (const on of result.querySelectorAll(".selected, .here, mark.on")) on.classList.remove("selected", "here", "on");
    strip.hidden = true;
  }

  function tell(said, numbers, chosen) {
    const buttons = numbers.map((number) => {
      const button = document.createElement("button");
      const source = marksOf(number)[0].closest(".source");
      button.type = "button";
      button.dataset.number = number;
      button.textContent = `${number} ${source.dataset.label}`;
      button.addEventListener("click", () => go(number));
      return button;
    });
    const count = new Set(numbers.map((number) => marksOf(number)[0].closest(".source"))).size;
    const spans = numbers.length === 1 ? "1 span" : `${numbers.length} spans, all marked,`;
    strip.querySelector(".strip-said").textContent = `${spans} in ${count === 1 ? "1 source" : `${count} sources`}`;
    strip.querySelector(".strip-spans").replaceChildren(...(numbers.length > 1 ? buttons : []));
    strip.hidden = false;
  }

  function go(number) {
    for (const here of sources.querySelectorAll("mark.here")) here.classList.remove("here");
    for (const button of strip.querySelectorAll("[data-number]"))
      button.setAttribute("aria-current", String(button.dataset.number === number));
    const marks = marksOf(number);
    for (const mark of marks) mark.classList.add("here");
    marks[0].focus({ preventScroll: true });
    settle(() => show(marks[0]), marks[0]);
  }

  // Scrolls the panel alone: scrollIntoView would move the sentence away, too.
  function show(mark) {
    const { top, height } = sources.getBoundingClientRect();
    const covered = strip.offsetHeight;
    sources.scrollTop += mark.getBoundingClientRect().top - top - covered - (height - covered) * 0.2;
  }

  // Where the panel lies over the text, the sentence is moved above it.
  function keepInSight(said) {
    const overlay = getComputedStyle(sources).position === "fixed";
    if (overlay) scrollBy(0, said.getBoundingClientRect().top - 80);
  }

  function close() {
    sources.classList.remove("sheet");
    clear();
    origin?.focus();
    origin = null;
  }

  result.addEventListener("click", (event) => {
    const cite = event.target.closest("a.cite");
    if (cite && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      select(cite);
      return;
    }
    const words = event.target.closest(".told .words");
    const first = words?.closest(".said").querySelector(".cite");
    if (first && getSelection().isCollapsed) select(first);
  });
  result.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && origin) {
      event.preventDefault();
      close();
    }
  });
  strip.querySelector(".strip-close").addEventListener("click", close);
  for (const said of result.querySelectorAll(".told .said")) if (said.querySelector(".cite")) said.dataset.whole = "";
  addEventListener("beforeprint", () => {
    for (const details of result.querySelectorAll("details.long")) details.open = true;
  });
}
