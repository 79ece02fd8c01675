// What a check says. The region is on the page, empty, before the words are put into it: only then
// do screen readers announce them.
function render({ model, el }) {
  const box = document.createElement("div");
  box.className = "snrilab-feedback";
  box.setAttribute("role", "status");
  box.setAttribute("aria-live", "polite");
  el.append(box);

  const marks = { right: "✓", wrong: "✗", "": "○" };

  function paragraph(words) {
    const p = document.createElement("p");
    p.textContent = words;
    return p;
  }

  function fill() {
    const first = document.createElement("strong");
    const mark = document.createElement("span");
    mark.setAttribute("aria-hidden", "true");
    mark.textContent = `${marks[model.get("tone")]} `;
    first.append(mark, model.get("first"));
    const parts = [first, ...model.get("lines").map(paragraph)];
    if (model.get("example")) {
      const pre = document.createElement("pre");
      pre.textContent = model.get("example");
      parts.push(pre);
    }
    box.dataset.tone = model.get("tone");
    box.replaceChildren(...parts);
  }

  // The nearest cell above that defines the function.
  function itsCell() {
    const written = new RegExp(`\\bdef\\s+${model.get("function_name")}\\b`);
    let cell = el.closest(".jp-Cell");
    while (cell && (cell = cell.previousElementSibling)) {
      const editor = cell.querySelector(".cm-content");
      if (cell.classList.contains("jp-CodeCell") && editor && written.test(editor.textContent)) {
        return cell;
      }
    }
    return null;
  }

  // JupyterLab marks a cell whose text is no longer what ran.
  function look() {
    const cell = itsCell();
    if (!cell || !cell.classList.contains("jp-mod-dirty")) return;
    const words =
      "The cell above was edited after it ran, so this check spoke of the function as it was " +
      "before. Run the cell above (Shift+Enter), then check again.";
    box.dataset.tone = "";
    box.replaceChildren(paragraph(words));
    model.send({ edited: true });
  }

  const timer = setTimeout(() => {
    fill();
    look();
  }, 120);
  return () => clearTimeout(timer);
}

export default { render };
