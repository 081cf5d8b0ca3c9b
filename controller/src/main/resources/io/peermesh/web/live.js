// Keeps parts of a page up to date from the stream that <main data-live> names: it sends elements
// with the ids of those that they replace.
// Only what differs is touched, so focus, selection and layout stay.
(() => {
  "use strict";

  const morph = (before, after) => {
    if (before.nodeType !== after.nodeType || before.nodeName !== after.nodeName || (before.id || "") !== (after.id || "")) {
      before.replaceWith(after);
      return;
    }
    if (before.nodeType !== Node.ELEMENT_NODE) {
      if (before.data !== after.data) before.data = after.data;
      return;
    }
    for (const { name } of [...before.attributes]) {
      const kept = name === "open" && before.nodeName === "DETAILS";
      if (!after.hasAttribute(name) && !kept) before.removeAttribute(name);
    }
    for (const { name, value } of after.attributes) {
      if (before.getAttribute(name) !== value) before.setAttribute(name, value);
    }
    const fresh = [...after.childNodes];
    const present = [...before.childNodes];
    fresh.forEach((child, index) => {
      if (index < present.length) morph(present[index], child);
      else before.append(child);
    });
    present.slice(fresh.length).forEach((child) => child.remove());
  };

  const main = document.querySelector("main[data-live]");
  if (main) {
    const mark = document.querySelector(".live-mark");
    let source;
    const show = (state, text) => {
      if (!mark) return;
      mark.hidden = false;
      mark.dataset.state = state;
      mark.textContent = text;
    };
    const open = () => {
      source = new EventSource(main.dataset.live);
      source.onmessage = (event) => {
        const template = document.createElement("template");
        template.innerHTML = event.data;
        for (const after of [...template.content.children]) {
          const before = document.getElementById(after.id);
          if (before) morph(before, after);
          if (after.dataset.reload) location.reload();
        }
        show("live", "live");
      };
      source.onerror = () => {
        if (source.readyState === EventSource.CLOSED) location.reload(); // the session is over
        else setTimeout(() => { if (source && source.readyState !== EventSource.OPEN) show("lost", "no connection"); }, 3000);
      };
    };
    // A browser opens few connections to one server: a page that nobody sees holds none.
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) { source.close(); source = undefined; } else if (!source) open();
    });
    if (!document.hidden) open();
  }

  document.addEventListener("click", (event) => {
    const copy = event.target.closest("[data-copy]");
    if (!copy) return;
    const text = document.getElementById(copy.dataset.copy).textContent;
    navigator.clipboard.writeText(text).then(() => { copy.textContent = "Copied"; });
  });

  // A slider shows where it leads while it moves, or, from the live page, when it is let go.
  const slider = document.querySelector("input[data-moves]");
  if (slider) {
    const address = () => `${slider.form.action}?${new URLSearchParams(new FormData(slider.form))}`;
    let wanted;
    let busy = false;
    const fetchWanted = async () => {
      busy = true;
      while (wanted) {
        const url = wanted;
        wanted = undefined;
        const answer = await fetch(url);
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const after = page.getElementById("past");
        if (!after) location.assign(url);
        else morph(document.getElementById("past"), after);
        history.replaceState(null, "", url);
      }
      busy = false;
    };
    slider.addEventListener("input", () => {
      if (!slider.dataset.moves) return;
      wanted = address();
      if (!busy) fetchWanted();
    });
    slider.addEventListener("change", () => { if (!slider.dataset.moves) location.assign(address()); });
  }

  const reveal = () => document.querySelectorAll("[data-needs-script]").forEach((element) => { element.hidden = false; });
  reveal();
  document.addEventListener("htmx:afterSwap", reveal);

  document.addEventListener("change", (event) => {
    if (event.target.dataset && "checksAll" in event.target.dataset) {
      event.target.form.querySelectorAll("tbody input[type=checkbox]").forEach((box) => { box.checked = event.target.checked; });
    }
  });
})();
