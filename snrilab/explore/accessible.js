// Gives an explorer what stock widgets lack: names and spoken values for its sliders and number
// boxes, alternative text for its picture, and a reading that screen readers announce.
function render({ model, el }) {
  const reading = document.createElement("p");
  reading.className = "snrilab-reading";
  reading.setAttribute("role", "status");
  reading.setAttribute("aria-live", "polite");
  reading.setAttribute("aria-atomic", "true");
  el.append(reading);

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
    cancelAnimationFrame(frame);
    watcher.disconnect();
    watched.forEach((event) => model.off(event, update));
  };
}

export default { render };
