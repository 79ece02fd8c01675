// An explorer on the page: native controls, one picture, a sentence that screen readers announce,
// goals, kept states, a hidden truth. Nothing here knows pharmacology; the kernel decides what
// everything says.

const PATIENCE_MS = 4000;
const DOUBT_MS = 700; // when the kernel is said to have come or gone
const SHORT = 24; // letters of a label and of its longest option that fit into one line
const KEYS = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End", "PageUp", "PageDown"];
const MARKS = { open: "○", reached: "✓", shown: "✓", impossible: "∅", disproved: "∅" };
const SAID = {
  open: "open",
  reached: "reached",
  shown: "shown",
  impossible: "shown: it cannot be done",
  disproved: "found: it cannot be done",
};

// Each widget has a copy of this module of its own, and one explorer may be shown twice: counting
// here would give two sliders of a page one name.
const ownName = () => `snrilab-${Math.random().toString(36).slice(2)}`;

// As `typed_number` in Python reads it: 3.5, 3,5 and 10,000 (ten thousand).
function typedNumber(words) {
  const thousands = /^[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d*)?$/.test(words);
  return Number(words.replaceAll(",", thousands ? "" : ".") || NaN);
}

function make(tag, className, text, parent) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text) element.textContent = text;
  if (parent) parent.append(element);
  return element;
}

function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function status(className, parent) {
  const line = make("p", className, "", parent);
  line.setAttribute("role", "status");
  line.setAttribute("aria-live", "polite");
  line.setAttribute("aria-atomic", "true");
  return line;
}

function render({ model, el }) {
  const id = ownName();
  const root = make("div", "snrilab-explorer", "", el);
  root.setAttribute("role", "group");
  root.setAttribute("aria-label", model.get("title"));
  const both = make("div", "snrilab-both", "", root);
  const side = make("div", "snrilab-controls", "", both);
  const frame = make("div", "snrilab-picture", "", both);
  frame.style.maxWidth = `${model.get("width")}px`;
  const image = make("img", "", "", frame);
  image.draggable = false;

  // -- controls: what was asked last wins over what comes back late --------------------------------
  let serial = model.get("answers");
  const wanted = {};
  const inputs = {};

  function wish(name, value) {
    wanted[name] = value;
    serial += 1;
    wait();
    model.set("moved", { serial, values: { ...wanted } });
    model.save_changes();
  }

  function press(message) {
    wait();
    model.send(message);
    model.send({ question: "alive?" });
  }

  function button(text, message, parent, className) {
    const made = make("button", className || "", text, parent);
    made.type = "button";
    made.addEventListener("click", () => press(typeof message === "function" ? message() : message));
    return made;
  }

  function rangeRow(control, row) {
    const pair = make("div", "snrilab-pair", "", row);
    const slider = make("input", "snrilab-slider", "", pair);
    slider.type = "range";
    slider.id = `${id}-${control.name}`;
    slider.min = 0;
    slider.max = control.grid.length - 1;
    slider.step = 1;
    const box = numberBox(control, `${control.label}, exact value`, pair);
    slider.addEventListener("input", () => wish(control.name, control.grid[slider.valueAsNumber]));
    // What it may be, the kernel decides. Enter and leaving the box may both tell of one change.
    box.addEventListener("change", () => {
      if (box.value.trim() !== String(wanted[control.name])) wish(control.name, box.value.trim());
    });
    return (state) => {
      slider.value = state.place;
      slider.setAttribute("aria-valuetext", state.text);
      box.value = state.value;
    };
  }

  function numberBox(control, label, parent) {
    const box = make("input", "snrilab-box", "", parent);
    box.type = "text";
    box.inputMode = "decimal";
    box.autocomplete = "off";
    box.setAttribute("aria-label", label);
    box.title = `${control.low} to ${control.high}`;
    return box;
  }

  function choiceRow(control, row) {
    const list = make("select", "", "", row);
    list.id = `${id}-${control.name}`;
    for (const option of control.options) make("option", "", option, list).value = option;
    list.addEventListener("change", () => wish(control.name, list.value));
    return (state) => (list.value = state.value);
  }

  function switchRow(control, row) {
    const box = make("input", "", "", row);
    box.type = "checkbox";
    box.id = `${id}-${control.name}`;
    box.addEventListener("change", () => wish(control.name, box.checked));
    return (state) => (box.checked = state.value);
  }

  const rows = { range: rangeRow, choice: choiceRow, switch: switchRow };
  for (const control of model.get("controls")) {
    const row = make("div", `snrilab-control snrilab-control-${control.name}`, "", side);
    row.dataset.kind = control.kind;
    const label = make("label", "snrilab-name", control.label, row);
    label.htmlFor = `${id}-${control.name}`;
    if (control.kind === "choice") {
      const longest = Math.max(...control.options.map((option) => option.length));
      row.classList.toggle("snrilab-short", control.label.length + longest <= SHORT);
    }
    inputs[control.name] = rows[control.kind](control, row);
  }

  // -- buttons, and the unknown --------------------------------------------------------------------
  const ask = model.get("ask");
  const hidden = Boolean(ask.name);
  const bar = make("div", "snrilab-bar", "", side);
  const measure = hidden ? button("Measure", { press: "measure" }, bar, "snrilab-main") : null;
  button("Reset", { press: "reset" }, bar);
  let forget = null;
  if (model.get("can_keep")) {
    button("Keep", { press: "keep" }, bar).title = "Leave this curve behind as a faint one";
    forget = button("Clear", { press: "forget" }, bar);
    forget.title = "Take the faint curves away";
  }
  let budget = null;
  let answerForm = null;
  let again = null;
  let fill = null;
  let lastGiven = "[]";
  if (hidden) {
    budget = make("p", "snrilab-budget", "", side);
    answerForm = make("div", "snrilab-answer", "", root);
    make("span", "", `Your answer. ${ask.label}:`, answerForm);
    if (ask.kind === "range") {
      const boxes = ["best guess", "from", "to"].map((part) => {
        const label = make("label", "", `${part} `, answerForm);
        return numberBox(ask, `${ask.label}, ${part}`, label);
      });
      fill = (given) => boxes.forEach((box, index) => (box.value = given[index] ?? ""));
      button("Answer", () => {
        const [value, low, high] = boxes.map((box) => {
          const words = box.value.trim();
          const number = typedNumber(words);
          return Number.isFinite(number) ? number : words || null;
        });
        return { answer: { value, low, high } };
      }, answerForm);
    } else {
      const list = make("select", "", "", answerForm);
      list.setAttribute("aria-label", ask.label);
      for (const option of ask.options) make("option", "", option, list).value = option;
      button("Answer", () => ({ answer: { value: list.value } }), answerForm);
    }
    again = button("New unknown", { press: "again" }, answerForm);
  }

  // -- what is said --------------------------------------------------------------------------------
  const reading = status("snrilab-reading", root);
  const notice = status("snrilab-notice", root);
  const verdict = status("snrilab-verdict", root);
  const goalList = make("ul", "snrilab-goals", "", root);
  goalList.setAttribute("aria-label", "Goals");
  const prediction = make("p", "snrilab-prediction", "", root);
  const news = status("snrilab-unseen", root);
  const goalRows = model.get("goals").map((goal) => {
    const row = make("li", "", "", goalList);
    const mark = make("span", "snrilab-mark", "", row);
    mark.setAttribute("aria-hidden", "true");
    const words = make("span", "snrilab-goal", "", row);
    const state = make("span", "snrilab-unseen", "", words);
    make("span", "", goal.text, words);
    const why = make("span", "snrilab-why", "", words);
    const show = button("Show me", { show: goal.name }, row, "snrilab-show");
    show.setAttribute("aria-label", `Show me: ${goal.text}`);
    return { row, mark, state, why, show, last: "" };
  });

  // Nobody is behind the controls of a notebook that was opened but not run, and after a restart.
  const asleep = make("p", "snrilab-asleep", "", root);
  asleep.textContent = "The controls are asleep: run all cells of the notebook to wake them.";
  asleep.hidden = true;
  let patience = 0;
  const sleep = () => (asleep.hidden = false);
  function wait(atMost = PATIENCE_MS) {
    if (!patience) patience = setTimeout(sleep, atMost);
  }
  function doubt() {
    awake();
    wait(DOUBT_MS);
    model.send({ question: "alive?" });
  }
  function awake() {
    clearTimeout(patience);
    patience = 0;
    asleep.hidden = true;
  }
  function heard(message) {
    if (message.alive) awake();
  }

  let address = "";
  let lastSaid = "";
  function draw() {
    const bytes = model.get("png");
    if (!bytes || !bytes.byteLength) return;
    image.style.aspectRatio = String(model.get("aspect"));
    const old = address;
    address = URL.createObjectURL(new Blob([bytes], { type: "image/png" }));
    image.src = address;
    if (old) setTimeout(() => URL.revokeObjectURL(old), 1000);
  }

  function update() {
    const said = model.get("reading");
    write(reading, said);
    if (said !== lastSaid) write(news, "");
    lastSaid = said;
    reading.classList.toggle("snrilab-failed", model.get("failed"));
    const alt = `${model.get("title")}. ${said}`;
    if (image.alt !== alt) image.alt = alt;
    // A late answer must not pull a slider back that has moved on.
    if (model.get("answers") >= serial) {
      for (const [name, state] of Object.entries(model.get("values"))) {
        wanted[name] = state.value;
        inputs[name](state);
      }
    }
    const told = model.get("prediction");
    write(prediction, told);
    write(notice, model.get("notice"));
    write(verdict, model.get("verdict"));
    if (forget) forget.disabled = model.get("kept") === 0;
    if (budget) write(budget, model.get("budget"));
    if (again) again.hidden = !model.get("verdict");
    if (measure) measure.disabled = Boolean(model.get("verdict")); // a new unknown wakes it
    // What was answered stands in the boxes, "show me" and a new unknown included.
    const given = JSON.stringify(model.get("given"));
    if (fill && given !== lastGiven) fill(model.get("given"));
    lastGiven = given;
    model.get("goals").forEach((goal, index) => {
      const shown = goalRows[index];
      if (!shown) return;
      shown.row.dataset.state = goal.state;
      write(shown.mark, MARKS[goal.state]);
      write(shown.state, `Goal, ${SAID[goal.state]}: `);
      const verdictOf = MARKS[goal.state] === "∅" ? "It cannot be done. " : "";
      write(shown.why, goal.why ? ` ${verdictOf}${goal.why}` : "");
      if (shown.last === "open" && goal.state !== "open") {
        write(news, `Goal ${SAID[goal.state]}: ${goal.text} ${goal.why}`);
      }
      shown.last = goal.state;
    });
  }

  // JupyterLab and Notebook 7 take an arrow key as a wish to go to another cell. They listen on the
  // document, some before the page's elements do: only the window is earlier. The slider still moves.
  function guard(event) {
    const target = event.target;
    if (!root.contains(target) || !KEYS.includes(event.key)) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (target.matches("input, select")) event.stopPropagation();
  }
  window.addEventListener("keydown", guard, true);

  // Enter in a number box is a wish like leaving it.
  function enter(event) {
    if (event.key === "Enter" && !event.shiftKey && event.target.matches(".snrilab-box")) {
      event.target.dispatchEvent(new Event("change"));
      event.stopPropagation();
    }
  }
  root.addEventListener("keydown", enter);

  // -- the page's width, sharpness and theme -------------------------------------------------------
  let told = "";
  let waiting = 0;
  function paper() {
    for (let element = root; element; element = element.parentElement) {
      const colour = getComputedStyle(element).backgroundColor;
      const parts = colour.match(/[\d.]+/g);
      if (parts && (parts.length < 4 || Number(parts[3]) > 0.5)) {
        return `#${parts.slice(0, 3).map((x) => Math.round(x).toString(16).padStart(2, "0")).join("")}`;
      }
    }
    return "#ffffff";
  }
  function look() {
    const width = frame.clientWidth;
    if (!width) return;
    const screen = { width, ratio: window.devicePixelRatio || 1, paper: paper() };
    root.classList.toggle("snrilab-narrow", root.clientWidth < 500);
    root.classList.toggle("snrilab-close", root.clientWidth < 640);
    if (JSON.stringify(screen) === told) return;
    told = JSON.stringify(screen);
    model.send({ screen });
  }
  function later() {
    clearTimeout(waiting);
    waiting = setTimeout(look, 120);
  }
  const size = new ResizeObserver(later);
  size.observe(root);
  size.observe(frame);
  const theme = new MutationObserver(later);
  for (const element of [document.documentElement, document.body]) {
    theme.observe(element, {
      attributes: true,
      attributeFilter: ["class", "style", "data-theme", "data-jp-theme-light", "data-jp-theme-name"],
    });
  }
  // A theme's style sheet may arrive after its name.
  const restyled = new MutationObserver(() => setTimeout(later, 300));
  restyled.observe(document.head, { childList: true });

  const watched = [
    "answers", "reading", "failed", "values", "goals", "prediction", "kept", "budget", "given",
    "verdict", "notice",
  ];
  model.on("change:png", draw);
  watched.forEach((name) => model.on(`change:${name}`, update));
  model.on("msg:custom", heard);
  model.on("change:answers", awake);
  model.on("comm_live_update", doubt); // after a restart of the kernel
  draw();
  update();
  wait();
  model.send({ question: "alive?" });
  return () => {
    clearTimeout(patience);
    clearTimeout(waiting);
    size.disconnect();
    theme.disconnect();
    restyled.disconnect();
    window.removeEventListener("keydown", guard, true);
    model.off("change:png", draw);
    watched.forEach((name) => model.off(`change:${name}`, update));
    model.off("msg:custom", heard);
    model.off("change:answers", awake);
    model.off("comm_live_update", doubt);
    if (address) URL.revokeObjectURL(address);
  };
}

export default { render };
