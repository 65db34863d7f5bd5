// The pages work without this. It joins text and cards of an article, and gives keys for search and for moving.
"use strict";

const $ = (id) => document.getElementById(id);

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, select, textarea");
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "/" && !typing) {
    event.preventDefault();
    document.querySelector("main [type=search]")?.focus() ?? document.querySelector("[data-quick]").focus();
  } else if ((event.key === "j" || event.key === "k") && !typing) {
    move(event.key === "j" ? 1 : -1);
  } else if (event.key === "Escape" && typing) {
    event.target.blur();
  }
});

const cards = [...document.querySelectorAll(".card")];
let chosen = -1;

function move(step) {
  const all = cards.length ? cards : [...document.querySelectorAll(".statement[id]")];
  if (!all.length) return;
  chosen = Math.min(Math.max(chosen + step, 0), all.length - 1);
  if (cards.length) {
    choose(cards[chosen].dataset.row, true);
    history.replaceState(null, "", "#row-" + cards[chosen].dataset.row);
  } else {
    history.replaceState(null, "", "#" + all[chosen].id);
    pick(all[chosen]);
  }
}

// Show a statement of a list, and put the keyboard on the link to its article.
function pick(statement) {
  document.querySelectorAll(".statement.on").forEach((element) => element.classList.remove("on"));
  statement.classList.add("on");
  statement.scrollIntoView({ block: "center" });
  statement.querySelector(".grow a")?.focus({ preventScroll: true });
}

// Show which card and which text belong to a row; at a choice, bring both into sight.
function choose(row, scroll) {
  document.querySelectorAll(".on").forEach((element) => element.classList.remove("on"));
  const card = $("card-" + row);
  document.querySelectorAll('[data-rows~="' + CSS.escape(row) + '"]').forEach((element) => element.classList.add("on"));
  if (!card) return;
  card.classList.add("on");
  within(card);
  if (scroll) $("row-" + row)?.scrollIntoView({ block: "center" });
  if (scroll) chosen = cards.indexOf(card);
}

// Scroll the column of cards, and not the page, where it is a column of its own.
function within(card) {
  const column = card.closest(".cards");
  if (column && column.scrollHeight > column.clientHeight + 4)
    column.scrollTo({ top: card.offsetTop - column.clientHeight / 3 });
}

document.querySelectorAll(".mark").forEach((mark) => {
  const row = mark.dataset.rows.split(" ")[0];
  mark.addEventListener("mouseenter", () => choose(row, false));
  mark.addEventListener("focus", () => choose(row, false));
  mark.addEventListener("click", (event) => {
    event.preventDefault();
    choose(row, false);
    const details = $("card-" + row)?.querySelector("details");
    if (details) details.open = true;
    $("card-" + row)?.focus({ preventScroll: true });
    history.replaceState(null, "", "#row-" + row);
    chosen = cards.findIndex((card) => card.dataset.row === row);
  });
});

cards.forEach((card) => {
  card.addEventListener("mouseenter", () => {
    document.querySelectorAll(".on").forEach((element) => element.classList.remove("on"));
    card.classList.add("on");
    document.querySelectorAll('[data-rows~="' + CSS.escape(card.dataset.row) + '"]').forEach((e) => e.classList.add("on"));
  });
});

function followAddress() {
  const found = /^#(?:row|card)-([0-9a-zA-Z_-]+)$/.exec(location.hash);
  if (found) choose(found[1], true);
  const listed = /^#said-[0-9a-zA-Z_-]+$/.test(location.hash) && $(location.hash.slice(1));
  if (listed) {
    chosen = [...document.querySelectorAll(".statement[id]")].indexOf(listed);
    pick(listed);
  }
}
window.addEventListener("hashchange", followAddress);
followAddress();

// Copying needs a script, so its buttons are shown by one.
document.querySelectorAll("[data-copy]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const text = $(button.dataset.copy).textContent;
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = "Copied";
    } catch {
      const range = document.createRange();
      range.selectNodeContents($(button.dataset.copy));
      getSelection().removeAllRanges();
      getSelection().addRange(range);
      button.textContent = "Marked: copy it with your keys";
    }
  });
});
