"use strict";
// Explorers that move without Python: sliders pick among pictures and sentences made before.
// Without this script the picture stands still.
document.querySelectorAll("figure.explorer script.grid").forEach((source, number) => {
  const { controls, frames } = JSON.parse(source.textContent);
  const figure = source.closest("figure");
  const light = figure.querySelector("img.snrilab-on-light");
  const dark = figure.querySelector("img.snrilab-on-dark");
  const caption = figure.querySelector("figcaption");
  caption.setAttribute("aria-live", "polite");
  const panel = document.createElement("div");
  panel.className = "grid";
  const picture = (at) => {
    [light.src, dark.src] = frames[at];
    caption.textContent = frames[at][2];
  };
  const sliders = controls.map(({ label, texts, start }, place) => {
    const name = document.createElement("label");
    const slider = document.createElement("input");
    const value = document.createElement("output");
    name.htmlFor = slider.id = `grid-${number}-${place}`;
    name.textContent = label;
    Object.assign(slider, { type: "range", min: 0, max: texts.length - 1, step: 1, value: start });
    const say = () => {
      value.textContent = texts[slider.value];
      slider.setAttribute("aria-valuetext", texts[slider.value]);
    };
    slider.addEventListener("input", () => {
      say();
      picture(sliders.reduce((at, one, n) => at * controls[n].texts.length + Number(one.value), 0));
    });
    say();
    panel.append(name, slider, value);
    return slider;
  });
  source.replaceWith(panel);
});
