// Added to Pyodide's own program. Python starts once in a worker: the laboratory's page asks for it
// before JupyterLab is there (`early.html`), JupyterLab's kernel gets the one that has begun.
globalThis.snrilabStart ??= (loadPyodide) => {
  const ARCHIVES = "ARCHIVES_HERE"; // where each is
  const LIBRARIES = "LIBRARIES_HERE"; // shared by compiled packages, by archive

  // An archive is its list of names and sizes, then the files; a file stays where it is in it.
  const layOut = (FS, whole) => {
    const start = 4 + new DataView(whole.buffer).getUint32(0, true);
    const made = new Set();
    let at = start;
    for (const [name, size] of JSON.parse(new TextDecoder().decode(whole.subarray(4, start)))) {
      const folder = name.slice(0, name.lastIndexOf("/"));
      if (!made.has(folder)) FS.mkdirTree(folder);
      made.add(folder);
      FS.writeFile(name, whole.subarray(at, at + size), { canOwn: true });
      at += size;
    }
  };

  const first = async (indexURL) => {
    const answer = await fetch(indexURL + ARCHIVES.first);
    if (!answer.ok) throw new Error(`${answer.url}: ${answer.status}`);
    const opened = answer.body.pipeThrough(new DecompressionStream("gzip"));
    return new Uint8Array(await new Response(opened).arrayBuffer());
  };

  const start = async ({ indexURL, packages, stdout, stderr, ...options }) => {
    const arriving = first(indexURL);
    const python = await loadPyodide({
      ...options,
      indexURL,
      packages: [],
      fsInit: async (FS) => layOut(FS, await arriving),
    });
    // sitecustomize.py fetches the other archives when something of them is imported.
    globalThis.snrilabFetch = (archive) => {
      const request = new XMLHttpRequest();
      request.open("GET", indexURL + ARCHIVES[archive], false);
      request.responseType = "arraybuffer";
      request.send();
      if (request.status !== 200) throw new Error(`${archive}: ${request.status}`);
      return new Uint8Array(request.response);
    };
    globalThis.snrilabLayOut = (archive, whole) => {
      layOut(python.FS, whole);
      const { loadDynamicLibrary, LDSO } = python._module;
      for (const path of LIBRARIES[archive] || []) {
        loadDynamicLibrary(path, { loadAsync: false, nodelete: true, allowUndefined: true, global: true, fs: python.FS }, null);
        LDSO.loadedLibsByName[path.slice(path.lastIndexOf("/") + 1)] ??= LDSO.loadedLibsByName[path];
      }
    };
    await python.runPythonAsync("import sitecustomize; sitecustomize.import_early()");
    return python;
  };

  return async (options) => {
    const python = await (globalThis.snrilabPython ??= start(options));
    for (const [set, said] of [["setStdout", options.stdout], ["setStderr", options.stderr]]) {
      if (said) python[set]({ batched: said });
    }
    return python;
  };
};
