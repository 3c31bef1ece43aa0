// What the pages do beyond plain HTML. Everything here only eases: without it every form and link still works.
"use strict";

/** Runs for each match inside a root, the root itself included. */
function each(root, selector, act) {
  if (root.matches && root.matches(selector)) act(root);
  root.querySelectorAll(selector).forEach(act);
}

// Printing.
function offerPrinting(root) {
  each(root, "[data-print]", (button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });
}

// Folded filters on a narrow screen; the style sheet decides where folding counts.
function offerFolding(root) {
  each(root, "[data-fold]", (button) => {
    button.hidden = false;
    button.setAttribute("aria-controls", button.dataset.fold);
    button.setAttribute("aria-expanded", "false");
    button.addEventListener("click", () => {
      button.setAttribute("aria-expanded", String(button.getAttribute("aria-expanded") !== "true"));
    });
  });
}

// Rows of a form that repeat: cloned here, or added by the server when there is no script.
function renumber(list) {
  const kind = list.dataset.rows;
  list.querySelectorAll("[data-row]").forEach((row, at) => {
    const number = String(at + 1);
    each(row, `[id^="${kind}-"], [name^="${kind}-"], [for^="${kind}-"], [aria-describedby]`, (element) => {
      for (const name of ["id", "name", "for", "aria-describedby"]) {
        const value = element.getAttribute(name);
        if (value) element.setAttribute(name, value.replaceAll(new RegExp(`\\b${kind}-\\d+`, "g"), `${kind}-${number}`));
      }
    });
    each(row, "[data-row-no]", (place) => { place.textContent = number; });
    each(row, "[data-row-remove]", (button) => { button.value = number; });
  });
}

function blank(row) {
  each(row, "input, textarea, select", (field) => {
    if (field.type === "checkbox") field.checked = false; else field.value = "";
    field.removeAttribute("aria-invalid");
  });
  each(row, ".remark.wrong, .remark.doubt", (remark) => remark.remove());
  return row;
}

document.addEventListener("click", (event) => {
  const add = event.target.closest("[data-row-add]");
  if (add) {
    const list = document.querySelector(`[data-rows="${add.dataset.rowAdd}"]`);
    const rows = list ? list.querySelectorAll("[data-row]") : [];
    // The first row comes from the server, which knows how one looks.
    if (rows.length === 0 || rows.length >= Number(list.dataset.rowsMost)) return;
    event.preventDefault();
    const row = blank(rows[rows.length - 1].cloneNode(true));
    rows[rows.length - 1].after(row);
    renumber(list);
    const field = row.querySelector("input, textarea");
    if (field) field.focus();
  }
  const remove = event.target.closest("[data-row-remove]");
  if (remove) {
    const list = remove.closest("[data-rows]");
    if (list.querySelectorAll("[data-row]").length < 2) return;
    event.preventDefault();
    remove.closest("[data-row]").remove();
    renumber(list);
  }
  // A limit's dates close when one clicks elsewhere.
  document.querySelectorAll(".list .due[open]").forEach((due) => { if (!due.contains(event.target)) due.open = false; });
});

// Parts of a form that a choice shows or hides. Hidden fields are disabled, so that they are not sent.
function show(part, shown) {
  part.classList.toggle("js-hidden", !shown);
  each(part, "input, select, textarea", (field) => { field.disabled = !shown || field.hasAttribute("data-barred"); });
}

function follow(root) {
  const chosen = new Set([...document.querySelectorAll("input[type=radio]:checked")].map((radio) => radio.value));
  each(root, "[data-shown-for]", (part) => show(part, chosen.has(part.dataset.shownFor)));
  each(root, "[data-hidden-for]", (part) => {
    const shown = !chosen.has(part.dataset.hiddenFor);
    show(part, shown);
    if (shown) each(part, "[data-shown-for]", (inner) => show(inner, chosen.has(inner.dataset.shownFor)));
  });
  each(root, "[data-hides]", (box) => {
    const part = document.getElementById(box.dataset.hides);
    if (part) show(part, !box.checked);
  });
}

document.addEventListener("change", () => follow(document));

// Nothing typed is lost by leaving.
let unsent = false;
document.addEventListener("input", (event) => { if (event.target.closest("[data-guard]")) unsent = true; });
document.addEventListener("submit", (event) => { if (event.target.method !== "get") unsent = false; });
window.addEventListener("beforeunload", (event) => { if (unsent) event.preventDefault(); });

// Keys: "/" to search, j and k along the rows, Escape closes what is open.
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") document.querySelectorAll(".due[open]").forEach((due) => { due.open = false; });
  const typing = event.target instanceof Element && event.target.closest("input, textarea, select, [contenteditable]");
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "/") {
    const search = document.querySelector("[data-key='/']");
    if (search) { event.preventDefault(); search.focus(); search.select(); }
  }
  if (event.key === "j" || event.key === "k") {
    const links = [...document.querySelectorAll("[data-rows-nav] .row-link")];
    const at = links.indexOf(document.activeElement);
    const next = event.key === "j" ? Math.min(at + 1, links.length - 1) : Math.max(at - 1, 0);
    if (links[next]) { event.preventDefault(); links[next].focus(); }
  }
});

// Barred choices stay barred when a part is shown again.
function remember(root) {
  each(root, "input[disabled], option[disabled]", (field) => field.setAttribute("data-barred", ""));
}

function prepare(root) {
  remember(root);
  offerPrinting(root);
  offerFolding(root);
  follow(root);
  const here = root.querySelector(".ways [aria-current]");
  if (here) here.closest("ul").scrollLeft = here.offsetLeft - 80;
  const first = root.querySelector("[data-autofocus]");
  if (first) first.focus();
}

// The inbox: how many are unread, as it changes. Only a page that is looked at keeps a connection.
function liven(badge) {
  let source = null;
  let shown = null;
  const tell = (event) => {
    const unread = Number(event.data);
    badge.textContent = String(unread);
    badge.hidden = unread === 0;
    if (shown !== null && unread > shown) each(document, "[data-inbox-news]", (news) => { news.hidden = false; });
    shown = unread;
  };
  const follow = () => {
    const wanted = document.visibilityState === "visible";
    if (wanted && source === null) {
      source = new EventSource(badge.dataset.inboxLive);
      source.addEventListener("unread", tell);
    } else if (!wanted && source !== null) {
      source.close();
      source = null;
    }
  };
  document.addEventListener("visibilitychange", follow);
  window.addEventListener("pagehide", () => { if (source) source.close(); source = null; });
  window.addEventListener("pageshow", follow);
  follow();
}

prepare(document);
each(document, "[data-inbox-live]", liven);
document.addEventListener("htmx:after:swap", (event) => { if (event.target.isConnected) remember(event.target); });
