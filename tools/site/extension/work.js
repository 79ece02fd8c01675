"use strict";
// Keeps a learner's copies of the lessons when newer ones come, and gives their work out as a file.
// A federated extension by hand: it needs no build, since it uses nothing but the application.
(() => {
  const KEPT = "snrilab:handed-out"; // what each copy was made from, by name
  const root = new URL("../../../", document.currentScript.src);

  const table = Uint32Array.from({ length: 256 }, (_, n) => {
    for (let k = 0; k < 8; k += 1) n = n & 1 ? (n >>> 1) ^ 0xedb88320 : n >>> 1;
    return n;
  });
  const crc32 = (bytes) => {
    let crc = ~0;
    for (const byte of bytes) crc = table[(crc ^ byte) & 255] ^ (crc >>> 8);
    return ~crc >>> 0;
  };

  // A zip file without compression: names and bytes.
  const zipped = (files) => {
    const parts = [];
    const directory = [];
    let offset = 0;
    for (const [path, bytes] of files) {
      const name = new TextEncoder().encode(path);
      const head = new DataView(new ArrayBuffer(26));
      [[0, 20, 2], [2, 0x800, 2], [4, 0, 2], [6, 0, 2], [8, 0x21, 2], [10, crc32(bytes), 4],
        [14, bytes.length, 4], [18, bytes.length, 4], [22, name.length, 2], [24, 0, 2]]
        .forEach(([at, value, size]) => (size === 2 ? head.setUint16(at, value, true) : head.setUint32(at, value, true)));
      const common = new Uint8Array(head.buffer);
      parts.push(Uint8Array.of(80, 75, 3, 4), common, name, bytes);
      const tail = new DataView(new ArrayBuffer(14));
      tail.setUint32(10, offset, true);
      directory.push(Uint8Array.of(80, 75, 1, 2, 20, 0), common, new Uint8Array(tail.buffer), name);
      offset += 30 + name.length + bytes.length;
    }
    const size = directory.reduce((sum, part) => sum + part.length, 0);
    const end = new DataView(new ArrayBuffer(22));
    end.setUint32(0, 0x06054b50, true);
    end.setUint16(8, files.length, true);
    end.setUint16(10, files.length, true);
    end.setUint32(12, size, true);
    end.setUint32(16, offset, true);
    return new Blob([...parts, ...directory, new Uint8Array(end.buffer)], { type: "application/zip" });
  };

  // A file as bytes; what Python wrote is kept in another alphabet than what the page wrote.
  const bytesOf = ({ content, format }) =>
    format === "base64"
      ? Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0))
      : new TextEncoder().encode(typeof content === "string" ? content : JSON.stringify(content, null, 1));

  const day = () => new Date().toISOString().slice(0, 10);

  const known = () => {
    try {
      return JSON.parse(localStorage.getItem(KEPT)) || {};
    } catch {
      return {};
    }
  };

  // What a notebook asks and says, without outputs and numbers: the same for an untouched copy.
  const written = (notebook) => JSON.stringify((notebook.cells || []).map((cell) => [
    cell.cell_type, Array.isArray(cell.source) ? cell.source.join("") : cell.source,
  ]));

  // Lay a newer lesson beside the learner's copy; say so.
  async function update(app) {
    const contents = app.serviceManager.contents;
    const answer = await fetch(new URL("handed_out.json", root), { cache: "no-cache" });
    const now = await answer.json();
    const before = known();
    const said = [];
    for (const [name, seal] of Object.entries(now)) {
      if (before[name] && before[name] !== seal) {
        const fresh = await (await fetch(new URL(`files/${name}`, root), { cache: "no-cache" })).json();
        const mine = await contents.get(name, { content: true });
        if (written(mine.content) !== written(fresh)) {
          const beside = name.replace(/\.ipynb$/, ` (newer, ${day()}).ipynb`);
          await contents.save(beside, { type: "notebook", format: "json", content: fresh });
          said.push(`There is a newer ${name}: it lies beside yours as ${beside.split("/").pop()}. Yours was not touched.`);
        }
      }
      before[name] = seal;
    }
    localStorage.setItem(KEPT, JSON.stringify(before));
    for (const message of said) {
      await app.commands.execute("apputils:notify", { message, type: "info", options: { autoClose: false } });
    }
  }

  // Every notebook that differs from what was handed out and every other file of the learner's, among
  // them .snrilab/progress.json: what was predicted and answered.
  async function collect(app) {
    const contents = app.serviceManager.contents;
    const files = [];
    const handedOut = await (await fetch(new URL("handed_out.json", root))).json();
    const walk = async (folder) => {
      for (const entry of (await contents.get(folder, { content: true })).content) {
        if (entry.type === "directory") {
          await walk(entry.path);
          continue;
        }
        const model = await contents.get(entry.path, { content: true });
        if (handedOut[entry.path]) {
          const given = await (await fetch(new URL(`files/${entry.path}`, root))).json();
          if (written(given) === written(model.content)) continue;
        } else if (entry.type !== "notebook") {
          const given = await fetch(new URL(`files/${entry.path}`, root));
          if (given.ok) continue;
        }
        files.push([entry.path, bytesOf(model)]);
      }
    };
    await walk("");
    return files;
  }

  async function download(app) {
    for (const widget of app.shell.widgets("main")) {
      if (widget.context?.model?.dirty) await widget.context.save();
    }
    const files = await collect(app);
    if (!files.length) {
      await app.commands.execute("apputils:notify", { message: "There is nothing of yours yet.", type: "info" });
      return;
    }
    const link = document.createElement("a");
    link.href = URL.createObjectURL(zipped(files));
    link.download = `snrilab_my_work_${day()}.zip`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  }

  function button(app) {
    const press = document.createElement("button");
    press.id = "snrilab-download";
    press.type = "button";
    press.textContent = "Download my work";
    press.title = "Your notebooks and answers as one file. They are kept in this browser only: clearing its data deletes them.";
    press.style.cssText = "position:fixed;top:2px;right:70px;z-index:1000;height:24px;font:inherit;font-size:13px;"
      + "color:var(--jp-ui-font-color1);background:var(--jp-layout-color2);border:1px solid var(--jp-border-color1);border-radius:3px;cursor:pointer";
    press.addEventListener("click", () => app.commands.execute("snrilab:download"));
    document.body.append(press);
  }

  // Python imports what a notebook will import while its first lines are read; nothing is shown,
  // and what cannot be imported is told where it is asked for.
  function importEarly(panel) {
    const session = panel?.sessionContext;
    if (!session || session.isReady === undefined || session.snrilabEarly) return;
    session.snrilabEarly = true;
    const start = async () => {
      await panel.context.ready;
      const lines = [...(panel.content?.model?.cells || [])]
        .filter((cell) => cell.type === "code")
        .flatMap((cell) => cell.sharedModel.source.split("\n"))
        .filter((line) => /^(from|import) [^(]+$/.test(line));
      if (!lines.some((line) => line.includes("snrilab"))) return;
      lines.push("import anywidget, matplotlib.figure, matplotlib.backends.backend_agg");
      const code = `for _ in ${JSON.stringify(lines)}:\n    try:\n        exec(_, {})\n    except Exception:\n        pass\ndel _`;
      session.session?.kernel?.requestExecute({ code, silent: true, store_history: false });
    };
    const whenConnected = (_, status) => status === "connected" && start();
    session.connectionStatusChanged.connect(whenConnected);
    if (session.session?.kernel?.connectionStatus === "connected") start();
  }

  const plugin = {
    id: "snrilab-work:plugin",
    autoStart: true,
    activate: (app) => {
      app.commands.addCommand("snrilab:download", {
        label: "Download my work",
        execute: () => download(app),
      });
      app.shell.currentChanged?.connect((_, change) => importEarly(change.newValue));
      app.restored.then(() => {
        importEarly(app.shell.currentWidget);
        button(app);
        return update(app);
      }).catch((error) => console.error("snrilab", error));
    },
  };

  (window._JUPYTERLAB = window._JUPYTERLAB || {})["snrilab-work"] = {
    init: () => {},
    get: async () => () => ({ __esModule: true, default: plugin }),
  };
})();
