// The chat without waiting for whole pages: sends, and shows what is new as it comes. Everything
// here also works without this script, as plain forms.
"use strict";

(() => {
  const log = document.getElementById("log");
  const typing = document.getElementById("typing");
  const choices = document.getElementById("choices");
  const composer = document.getElementById("composer");
  const field = document.getElementById("field");
  const banner = document.getElementById("banner");
  const shape = document.getElementById("line").content;

  const ADDRESS = composer.getAttribute("action");
  const STARTING = "De assistent start op… Je kunt al typen; het antwoord komt zo.";
  const OFFLINE = "Geen verbinding. Ik probeer het steeds opnieuw; laat deze pagina open.";
  const LATER = "Dat lukt nu niet. Ik probeer het steeds opnieuw; laat deze pagina open.";
  const TOO_LARGE = "Dat bericht is te lang. Knip het in stukken en stuur die één voor één.";
  const MOST = Number(composer.dataset.limit) - 1000;
  // A question for news is answered within 25 seconds, or its connection is dead.
  const PATIENCE = 40000;
  const LONGEST_PAUSE = 15000;
  // On a phone Enter makes a new line, as it does in other chats there.
  const hasKeyboard = matchMedia("(pointer: fine)").matches;
  const wantsCalm = matchMedia("(prefers-reduced-motion: reduce)");

  const state = {
    cursor: log.dataset.cursor,
    ready: log.dataset.ready === "yes",
    busy: log.dataset.busy === "yes",
    trouble: "",
    refused: "",
    unsent: 0,
    lostFocus: false,
    // The person has just said something, so what comes next is brought into view.
    follows: true,
  };
  const pauses = new Set();
  let sending = Promise.resolve();
  let asking = null;

  // Showing

  function newId() {
    const numbers = crypto.getRandomValues(new Uint8Array(12));
    return Array.from(numbers, (number) => number.toString(16).padStart(2, "0")).join("");
  }

  function showState() {
    typing.hidden = !(state.ready && !state.trouble && (state.busy || state.unsent));
    const text = state.refused || state.trouble || (state.ready ? "" : STARTING);
    if (banner.textContent !== text) banner.textContent = text;
  }

  function lineOf(line) {
    const element = shape.cloneNode(true).querySelector(".line");
    element.id = line.id;
    element.dataset.turn = line.turn;
    element.dataset.day = line.day;
    if (line.own) element.classList.add("own");
    element.querySelector(".who").textContent = line.own ? "Jij:" : "Wegwijzer:";
    element.querySelector(".text").append(...line.parts.map(partOf));
    element.querySelector(".time").textContent = line.time;
    const file = element.querySelector(".file");
    if (line.document) {
      file.href = line.document.url;
      file.querySelector(".file-name").textContent = line.document.name;
    } else {
      file.parentElement.remove();
    }
    const options = element.querySelector(".options");
    if (line.choices) options.querySelector("span").textContent = line.choices;
    else options.remove();
    return element;
  }

  function partOf(part) {
    if (!part.url) return document.createTextNode(part.text);
    const link = document.createElement("a");
    link.href = part.url;
    link.rel = "noopener noreferrer";
    link.textContent = part.text;
    return link;
  }

  function add(line) {
    if (document.getElementById(line.id)) return null;
    const lines = [...log.querySelectorAll("[data-turn]")];
    // An answer goes under its question, also when the next one was asked meanwhile.
    const before = lines.findLast((other) => Number(other.dataset.turn) <= line.turn);
    const waiting = line.mark && document.getElementById(`waiting-${line.mark}`);
    const element = waiting ? stored(waiting, line) : lineOf(line);
    if (!waiting && before) before.after(element);
    else if (!waiting) log.prepend(element);
    if (before?.dataset.day !== line.day) element.before(dayOf(line.day));
    return element;
  }

  // Keeps the element, so that a screen reader does not read the message a second time.
  function stored(element, line) {
    const fresh = lineOf(line);
    const [text, was] = [fresh, element].map((it) => it.querySelector(".text"));
    if (text.textContent !== was.textContent) was.replaceWith(text);
    element.querySelector(".time").textContent = line.time;
    element.classList.remove("waiting");
    element.id = line.id;
    Object.assign(element.dataset, { turn: line.turn, day: line.day });
    return element;
  }

  function dayOf(day) {
    const element = document.createElement("p");
    element.className = "day";
    element.textContent = day;
    return element;
  }

  function addWaiting(id, text) {
    const line = { id: `waiting-${id}`, own: true, parts: [{ text }], time: "" };
    const element = lineOf(line);
    delete element.dataset.turn;
    element.classList.add("waiting");
    log.append(element);
    return element;
  }

  function showChoices(buttons) {
    const shown = [...choices.querySelectorAll("button")].map((button) => button.value);
    if (buttons.map((button) => button.key).join() !== shown.join()) {
      const hadFocus = choices.contains(document.activeElement);
      choices.querySelectorAll("button").forEach((button) => button.remove());
      choices.append(...buttons.map(buttonOf));
      if (hadFocus && hasKeyboard) field.focus({ preventScroll: true });
      // On a phone the field would bring up its keyboard; there the answer gets the focus.
      else if (hadFocus) state.lostFocus = true;
    }
    choices.hidden = buttons.length === 0;
  }

  function buttonOf({ key, label }) {
    const button = document.createElement("button");
    button.name = "press";
    button.value = key;
    button.textContent = label;
    return button;
  }

  function isOlder(cursor) {
    const [given, mine] = [cursor, state.cursor].map((text) => text.split(".").map(Number));
    if (given[0] !== mine[0]) return given[0] < mine[0];
    return given[1] < mine[1] || given[2] < mine[2];
  }

  function show(update) {
    state.trouble = "";
    if (!isOlder(update.cursor)) {
      if (update.reset) log.replaceChildren(...log.querySelectorAll(".waiting"));
      const follows = state.follows || isAtEnd();
      const added = update.lines.map(add).filter(Boolean);
      if (added.length) document.getElementById("intro")?.remove();
      Object.assign(state, { cursor: update.cursor, ready: update.ready, busy: update.busy });
      showChoices(state.unsent ? [] : update.buttons);
      const answer = added.find((line) => !line.matches(".own"));
      if (added.length && follows) reveal(answer);
      if (answer && state.lostFocus) {
        answer.tabIndex = -1;
        answer.focus({ preventScroll: true });
        state.lostFocus = false;
      }
      state.follows = state.busy || state.unsent > 0;
    }
    showState();
  }

  function isAtEnd() {
    return window.innerHeight + window.scrollY > document.documentElement.scrollHeight - 160;
  }

  // Shows the end, but never scrolls past the beginning of what has to be read.
  function reveal(first) {
    const end = document.documentElement.scrollHeight - window.innerHeight;
    const margin = document.getElementById("top").offsetHeight + 16;
    const start = first ? window.scrollY + first.getBoundingClientRect().top - margin : end;
    const behavior = wantsCalm.matches ? "instant" : "smooth";
    window.scrollTo({ top: Math.min(end, start), behavior });
  }

  // Sending

  function submit(event) {
    const form = event.target.closest("form[data-chat]");
    if (!form) return;
    event.preventDefault();
    const button = event.submitter?.name ? event.submitter : null;
    const [name, value] = button ? [button.name, button.value] : ["text", field.value];
    if (!value.trim()) return;
    if (new URLSearchParams({ value }).toString().length > MOST) {
      state.refused = TOO_LARGE;
      showState();
      return;
    }
    const message = { name, value, id: newId() };
    if (!button) field.value = "";
    document.getElementById("menu").open = false;
    state.refused = "";
    state.unsent += 1;
    state.follows = true;
    message.bubble = addWaiting(message.id, name === "press" ? button.textContent : value);
    showChoices([]);
    showState();
    reveal();
    if (hasKeyboard || !button) field.focus({ preventScroll: true });
    sending = sending.then(() => deliver(message));
  }

  async function deliver(message) {
    for (let tries = 0; ; tries += 1) {
      const answer = await post(message);
      if (answer?.ok || answer?.refused) {
        state.unsent -= 1;
        if (answer.ok) show(answer.body);
        else giveBack(message, answer.body.error ?? LATER);
        if (message.bubble.matches(".waiting")) message.bubble.remove();
        return;
      }
      state.trouble = answer ? LATER : OFFLINE;
      showState();
      await pause(tries);
    }
  }

  // Gives null when nobody was reached; the id makes it safe to send the same again.
  async function post({ name, value, id }) {
    const form = new URLSearchParams({ id, after: state.cursor, [name]: value });
    try {
      const response = await patientFetch(ADDRESS, { method: "POST", body: form });
      const refused = response.status >= 400 && response.status < 500;
      const body = response.ok ? await response.json() : await response.json().catch(() => ({}));
      return { ok: response.ok, refused, body };
    } catch {
      return null;
    }
  }

  function giveBack(message, why) {
    if (message.name === "text" && !field.value) field.value = message.value;
    state.refused = why;
    showState();
  }

  // Hearing

  async function listen() {
    for (let failures = 0; ; ) {
      const answer = await ask();
      if (answer.again) continue;
      if (answer.refused) {
        state.refused = answer.body.error;
        showState();
        return;
      }
      if (answer.ok) {
        failures = 0;
        show(answer.body);
        continue;
      }
      state.trouble = answer.ok === false ? LATER : OFFLINE;
      showState();
      await pause(failures);
      failures += 1;
    }
  }

  async function ask() {
    const mine = { stop: new AbortController(), again: false };
    asking = mine;
    const query = new URLSearchParams({ after: state.cursor, ready: state.ready ? "yes" : "no" });
    try {
      const response = await patientFetch(`${ADDRESS}?${query}`, { cache: "no-store" }, mine.stop);
      const refused = response.status === 403;
      return { ok: response.ok, refused, body: response.ok || refused ? await response.json() : {} };
    } catch {
      return { again: mine.again };
    }
  }

  async function patientFetch(address, options, stop = new AbortController()) {
    const timer = setTimeout(() => stop.abort(), PATIENCE);
    const headers = { Accept: "application/json" };
    try {
      return await fetch(address, { ...options, headers, signal: stop.signal });
    } finally {
      clearTimeout(timer);
    }
  }

  function pause(tries) {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        pauses.delete(end);
        resolve();
      };
      const timer = setTimeout(end, Math.min(1000 * 2 ** tries, LONGEST_PAUSE));
      pauses.add(end);
    });
  }

  // A phone that comes out of a pocket asks again at once.
  function comeBack() {
    if (document.visibilityState !== "visible") return;
    pauses.forEach((end) => end());
    asking.again = true;
    asking.stop.abort();
  }

  document.addEventListener("submit", submit);
  document.addEventListener("visibilitychange", comeBack);
  window.addEventListener("online", comeBack);
  field.addEventListener("keydown", (event) => {
    const sends = event.key === "Enter" && !event.shiftKey && !event.isComposing;
    if (!sends || !hasKeyboard) return;
    event.preventDefault();
    composer.requestSubmit();
  });
  document.addEventListener("keydown", (event) => {
    const menu = document.getElementById("menu");
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });

  document.getElementById("keys").hidden = !hasKeyboard;
  if (log.childElementCount) {
    window.scrollTo({ top: document.documentElement.scrollHeight, behavior: "instant" });
    if (hasKeyboard) field.focus({ preventScroll: true });
  }
  showState();
  listen();
})();
