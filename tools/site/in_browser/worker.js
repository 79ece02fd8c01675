// The worker in which Python starts while JupyterLab still loads. JupyterLab's kernel would make one
// of its own; it is given this one, which then runs the kernel's program and hears its messages.
const waiting = [];
const keep = (event) => waiting.push(event);
const become = async (event) => {
  if (!event.data?.snrilabRun) return;
  removeEventListener("message", become);
  event.stopImmediatePropagation();
  addEventListener("message", keep);
  await importScripts(event.data.snrilabRun);
  removeEventListener("message", keep);
  for (const { data, ports } of waiting) dispatchEvent(new MessageEvent("message", { data, ports }));
};
addEventListener("message", become);
python.then((loadPyodide) => loadPyodide({ indexURL: new URL(".", location.href).href }));
