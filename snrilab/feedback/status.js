// The line below a question that says what came of an answer. It is there from the start, so that
// screen readers announce what is written into it. It gives the controls above it their names, makes
// one group of the radio buttons (one Tab stop, arrow keys inside), and says what stands in them at
// the moment a button is pressed.
function render({ model, el }) {
  const line = document.createElement("p");
  line.className = "snrilab-status";
  line.setAttribute("role", "status");
  line.setAttribute("aria-live", "polite");
  line.setAttribute("aria-atomic", "true");
  el.append(line);

  function update() {
    const text = model.get("message");
    if (line.textContent !== text) line.textContent = text;
    line.dataset.tone = model.get("tone");
  }

  let root = null;
  const group = `snrilab-${Math.random().toString(36).slice(2)}`;

  function name() {
    const radios = root.querySelector(".widget-radio-box");
    if (radios && radios.getAttribute("role") !== "radiogroup") {
      radios.setAttribute("role", "radiogroup");
      radios.setAttribute("aria-label", model.get("question"));
    }
    for (const radio of root.querySelectorAll("input[type=radio]")) {
      if (radio.name !== group) radio.name = group;
    }
    const field = root.querySelector("textarea");
    if (field && !field.hasAttribute("aria-label")) {
      field.setAttribute("aria-label", model.get("question"));
    }
  }

  // JupyterLab takes an arrow key that reaches it as a wish to go to another cell.
  function keep(event) {
    if (event.target.type === "radio" && event.key.startsWith("Arrow")) event.stopPropagation();
  }

  // What was typed or chosen last may still wait to be sent when the button is pressed: send it now.
  function tell(event) {
    if (!event.target.closest("button")) return;
    const field = root.querySelector("textarea");
    const chosen = root.querySelector("input[type=radio]:checked");
    if (field) model.send({ written: field.value });
    if (chosen) model.send({ chosen: Number(chosen.value) });
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
  update();
  return () => {
    cancelAnimationFrame(frame);
    watcher.disconnect();
    if (root) {
      root.removeEventListener("keydown", keep);
      root.removeEventListener("click", tell, { capture: true });
    }
    watched.forEach((event) => model.off(event, update));
  };
}

export default { render };
