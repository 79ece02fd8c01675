// Start Python for the browser once, under node, and let it import what the course imports.
// Arguments: the folder of Pyodide, that of the packages, and shared libraries to open first.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [pyodide, packages, ...libraries] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(`${pyodide}/pyodide.mjs`));
const python = await loadPyodide({
  indexURL: `${pyodide}/`,
  env: { HOME: "/home/pyodide", MPLCONFIGDIR: "/packages/_snrilab/matplotlib" },
});
const site = python.runPython("import site; site.getsitepackages()[0]");
if (libraries.length) await python.loadPackage(libraries, { messageCallback() {} });
for (const place of ["/packages", site]) {
  python.FS.mkdirTree(place);
  python.FS.mount(python.FS.filesystems.NODEFS, { root: packages }, place);
}
python.FS.mkdirTree("/drive");
python.runPython("import importlib; importlib.invalidate_caches()");
try {
  await python.runPythonAsync(readFileSync(new URL("warm_up.py", import.meta.url), "utf-8"));
} catch (error) {
  console.error(error.message || error.type);
  process.exit(1);
}
