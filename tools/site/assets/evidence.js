"use strict";
// Shows the rows of the evidence table that hold all the words, of one basis, of one trust.
(() => {
  const [words, basis, trust] = ["words", "basis", "trust"].map((id) => document.getElementById(id));
  const count = document.getElementById("count");
  const rows = [...document.querySelectorAll("#evidence tbody tr")];
  const texts = rows.map((row) => row.textContent.toLowerCase());
  const show = () => {
    const asked = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    rows.forEach((row, n) => {
      row.hidden = !(
        asked.every((word) => texts[n].includes(word)) &&
        (!basis.value || row.dataset.basis === basis.value) &&
        (!trust.value || row.dataset.trust === trust.value)
      );
      shown += !row.hidden;
    });
    count.textContent = `${shown} of ${rows.length} rows`;
  };
  [words, basis, trust].forEach((control) => control.addEventListener("input", show));
})();
