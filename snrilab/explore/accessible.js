// Gives an explorer what stock widgets lack: names and spoken values for its sliders and number
// boxes, alternative text for its picture, and a reading that screen readers announce.
function render({ model, el }) {
  const reading = document.createElement("p");
  reading.className = "snrilab-reading";
  reading.setAttribute("role", "status");
  reading.setAttribute("aria-live", "polite");
  reading.setAttribute("aria-atomic", "true");
  el.append(reading);

  // A notebook that was opened but not run shows the last picture, with nobody behind the controls.
  const asleep = document.createElement("p");
  asleep.className = "snrilab-asleep";
  asleep.textContent = "The controls are asleep: run all cells of the notebook to wake them.";
  asleep.hidden = true;
  el.append(asleep);
  const patience = setTimeout(() => (asleep.hidden = false), 4000);
  function answered(message) {
    if (message.alive) {
      clearTimeout(patience);
      asleep.hidden = true;
    }
  }
  model.on("msg:custom", answered);
  model.send({ question: "alive?" });

  let root = null;

  function set(element, attribute, value) {
    if (element && element.getAttribute(attribute) !== value) element.setAttribute(attribute, value);
  }

  function name() {
    if (!root) return;
    set(root, "role", "group");
    set(root, "aria-label", model.get("title"));
    const spoken = model.get("spoken");
    for (const [control, label] of Object.entries(model.get("labels"))) {
      const row = root.querySelector(`.snrilab-control-${control}`);
      if (!row) continue;
      const handle = row.querySelector(".noUi-handle");
      set(handle, "aria-label", label);
      set(handle, "aria-valuetext", spoken[control]);
      set(row.querySelector("input"), "aria-label", `${label}, exact value`);
    }
    set(root.querySelector("img"), "alt", `${model.get("title")}. ${model.get("reading")}`);
  }

  function update() {
    const text = model.get("reading");
    if (reading.textContent !== text) reading.textContent = text;
    reading.classList.toggle("snrilab-failed", model.get("failed"));
    name();
  }

  // The other widgets of the explorer may be drawn after this one, and again later.
  const watcher = new MutationObserver(name);
  let frame = requestAnimationFrame(function find() {
    root = el.closest(".snrilab-explorer");
    if (!root) {
      frame = requestAnimationFrame(find);
      return;
    }
    watcher.observe(root, { childList: true, subtree: true });
    name();
  });

  const watched = ["change:reading", "change:spoken", "change:labels", "change:failed"];
  watched.forEach((event) => model.on(event, update));
  update();
  return () => {
    clearTimeout(patience);
    model.off("msg:custom", answered);
    cancelAnimationFrame(frame);
    watcher.disconnect();
    watched.forEach((event) => model.off(event, update));
  };
}

export default { render };
