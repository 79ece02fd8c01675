// The line below a question that says what came of an answer. It is there from the start, so that
// screen readers announce what is written into it, and it gives the controls above it their name.
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

  function name() {
    const root = el.closest(".snrilab-question");
    if (!root) return;
    const radios = root.querySelector(".widget-radio-box");
    if (radios && radios.getAttribute("role") !== "radiogroup") {
      radios.setAttribute("role", "radiogroup");
      radios.setAttribute("aria-label", model.get("question"));
    }
    const field = root.querySelector("textarea");
    if (field && !field.hasAttribute("aria-label")) {
      field.setAttribute("aria-label", model.get("question"));
    }
  }

  // The controls may be drawn after this line, and again later.
  let watcher = null;
  const frame = requestAnimationFrame(() => {
    const root = el.closest(".snrilab-question");
    if (!root) return;
    watcher = new MutationObserver(name);
    watcher.observe(root, { childList: true, subtree: true });
    name();
  });

  const watched = ["change:message", "change:tone"];
  watched.forEach((event) => model.on(event, update));
  update();
  return () => {
    cancelAnimationFrame(frame);
    if (watcher) watcher.disconnect();
    watched.forEach((event) => model.off(event, update));
  };
}

export default { render };
