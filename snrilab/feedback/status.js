// The line below a question that says what came of an answer. It is there from the start, so that
// screen readers announce what is written into it. It gives the controls above it their names, makes
// one group of each set of radio buttons (one Tab stop, arrow keys inside), and says what stands in
// every control at the moment a button is pressed.
const PATIENCE_MS = 4000;
const DOUBT_MS = 700; // when the kernel is said to have come or gone

function render({ model, el }) {
  const line = document.createElement("p");
  line.className = "snrilab-status";
  line.setAttribute("role", "status");
  line.setAttribute("aria-live", "polite");
  line.setAttribute("aria-atomic", "true");
  el.append(line);

  // After a restart of the kernel nobody hears the button; an old verdict must not answer then.
  const ASLEEP = "This question is asleep: run all cells of the notebook to wake it.";
  let patience = 0;
  let pressed = false;
  let asleep = false;
  function sleep() {
    patience = 0;
    asleep = true;
    const text = pressed ? "" : model.get("message");
    line.textContent = text ? `${text} ${ASLEEP}` : ASLEEP;
    if (!text) line.dataset.tone = "";
  }
  function tellKernel(message) {
    try {
      model.send(message);
    } catch {
      // The connection has gone with its kernel: patience runs out, and the page says so.
    }
  }
  function ask(atMost) {
    if (!patience) patience = setTimeout(sleep, atMost);
    tellKernel({ question: "alive?" });
  }
  function awake() {
    clearTimeout(patience);
    patience = 0;
    pressed = asleep = false;
    update();
  }
  function heard(message) {
    if (message.alive) awake();
  }
  function doubt() {
    ask(DOUBT_MS);
  }

  function update() {
    const text = model.get("message");
    if (line.textContent !== text) line.textContent = text;
    line.dataset.tone = model.get("tone");
  }

  let root = null;
  const group = `snrilab-${Math.random().toString(36).slice(2)}`;

  function controls() {
    const kinds = ".widget-radio-box, .widget-text input";
    return [...root.querySelectorAll(kinds)];
  }

  function set(element, attribute, value) {
    if (element.getAttribute(attribute) !== value) element.setAttribute(attribute, value);
  }

  function name() {
    const labels = model.get("labels");
    const label = (place) => `${labels[place] ?? ""} ${model.get("question")}`.trim();
    controls().forEach((control, place) => {
      set(control, "aria-label", label(place));
      if (!control.matches(".widget-radio-box")) return;
      set(control, "role", "radiogroup");
      for (const radio of control.querySelectorAll("input[type=radio]")) {
        if (radio.name !== `${group}-${place}`) radio.name = `${group}-${place}`;
      }
    });
    root.querySelectorAll(".noUi-handle").forEach((handle, place) => {
      set(handle, "aria-label", `${labels[place] ?? ""}, slider`.trim());
    });
    const image = root.querySelector("img");
    if (image) set(image, "alt", `Your curve. ${model.get("question")}`);
  }

  // JupyterLab takes an arrow key that reaches it as a wish to go to another cell.
  function keep(event) {
    if (event.target.type === "radio" && event.key.startsWith("Arrow")) event.stopPropagation();
  }

  // What was typed or chosen last may still wait to be sent when the button is pressed: send it now.
  function tell(event) {
    if (!event.target.closest("button")) return;
    const held = controls().map((control) => {
      if (!control.matches(".widget-radio-box")) {
        if (control.type === "text") return control.value;
        return control.value === "" ? null : Number(control.value);
      }
      const chosen = control.querySelector("input[type=radio]:checked");
      return chosen ? Number(chosen.value) : null;
    });
    pressed = true;
    tellKernel({ held });
    ask(asleep ? DOUBT_MS : PATIENCE_MS);
  }

  // The controls may be drawn after this line, and again later.
  const watcher = new MutationObserver(name);
  let frame = requestAnimationFrame(function find() {
    root = el.closest(".snrilab-question");
    if (!root) {
      frame = requestAnimationFrame(find);
      return;
    }
    root.addEventListener("keydown", keep);
    root.addEventListener("click", tell, { capture: true });
    watcher.observe(root, { childList: true, subtree: true });
    name();
  });

  const watched = ["change:message", "change:tone"];
  watched.forEach((event) => model.on(event, update));
  model.on("msg:custom", heard);
  model.on("comm_live_update", doubt);
  update();
  return () => {
    cancelAnimationFrame(frame);
    watcher.disconnect();
    if (root) {
      root.removeEventListener("keydown", keep);
      root.removeEventListener("click", tell, { capture: true });
    }
    clearTimeout(patience);
    model.off("msg:custom", heard);
    model.off("comm_live_update", doubt);
    watched.forEach((event) => model.off(event, update));
  };
}

export default { render };
