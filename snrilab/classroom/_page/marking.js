// The marking page: keys and buttons in, points and comments out. All text goes in as text.
"use strict";

const body = document.body;
const question = Number(body.dataset.q);
const items = JSON.parse(body.dataset.items);
const secret = location.pathname.split("/")[1];
const $ = (id) => document.getElementById(id);
const articles = [...document.querySelectorAll("article[data-answer]")];
const codes = articles.map((article) => article.dataset.answer);
let state = { answers: {}, left: [] };
let stamp = "";
let place = 0; // of the current answer
let busy = Promise.resolve(); // changes go out one after the other
let pending = ""; // "e" was pressed, and an item's key is to come
let editing = null; // the item in the dialog
const drafts = {}; // comments that are not written yet, by answer: their text, and what was there
const kept = (name, otherwise) => localStorage.getItem(`snrilab-mark-${name}`) ?? otherwise;
const keep = (name, value) => localStorage.setItem(`snrilab-mark-${name}`, value);

// -- talking to the server ------------------------------------------------------------------------

async function post(path, content) {
    const answer = await fetch(path, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-Snrilab": secret },
        body: JSON.stringify({ q: question, ...content }),
    });
    const read = answer.headers.get("Content-Type").startsWith("application/json")
        ? await answer.json()
        : { error: await answer.text() };
    if (!answer.ok) {
        throw Object.assign(new Error(read.error), { status: answer.status });
    }
    return read;
}

async function refresh() {
    const answer = await fetch(`state?q=${question}&seen=${stamp}`);
    const read = await answer.json();
    if (!answer.ok) {
        throw new Error(read.error);
    }
    if (read.same) {
        return;
    }
    state = read;
    stamp = read.stamp;
    for (const { code, item, to } of underway) {
        hold(state.answers[code], item, to);
    }
    const anew = JSON.stringify(read.items) !== JSON.stringify(items)
        || Object.keys(read.answers).some((code) => !codes.includes(code));
    if (anew && !Object.keys(drafts).length && !document.querySelector("dialog[open]")) {
        remember("");
        location.reload();
        return;
    }
    draw();
}

// What was pressed is seen at once, also while the server still answers what was pressed before.
const underway = [];

function hold(one, item, to) {
    if (one && to === null) {
        delete one.items[item];
    } else if (one) {
        one.items[item] = to;
    }
}

function later(work) {
    busy = busy.then(work).catch((error) => {
        say(error instanceof TypeError
            ? "NOTHING IS WRITTEN: snrilab mark does not answer. Start it again and use its new address."
            : `NOT WRITTEN: ${error.message}`, true);
    });
    return busy;
}

function mark(change) {
    const code = codes[place];
    const press = "item" in change ? { code, item: change.item, to: change.place } : null;
    if (press) {
        underway.push(press);
        hold(state.answers[code], press.item, press.to);
        drawPanel();
    }
    return later(async () => {
        try {
            state.answers[code] = await post("mark", { answer: code, change });
        } catch (error) {
            underway.length = 0;
            stamp = "";
            await refresh();
            throw error;
        }
        if (underway.includes(press)) {
            underway.splice(underway.indexOf(press), 1);
        }
        underway.filter((other) => other.code === code).forEach(({ item, to }) => hold(state.answers[code], item, to));
        draw();
        const now = state.answers[code];
        say(now.status === "left" ? `${code}: not marked.`
            : `${code}: ${number(now.points)} of ${body.dataset.most} points.`);
    });
}

// -- showing --------------------------------------------------------------------------------------

const number = (value) => String(Math.round(value * 1e6) / 1e6);

function write(element, words) {
    if (element.textContent !== words) { // what has not changed is not read out again
        element.textContent = words;
    }
}

function say(words, wrong = false) {
    write($("said"), words);
    $("said").classList.toggle("wrong", wrong);
}

const waits = (one) => one.status === "left" || one.status === "again";
const STATUS = { left: "left", again: "changed since it was marked", machine: body.dataset.test ? "by machine" : "nothing written" };

function draw() {
    for (const [n, article] of articles.entries()) {
        const one = state.answers[codes[n]];
        if (!one) {
            continue;
        }
        const shown = one.points === null || one.status === "left" ? STATUS.left
            : `${number(one.points + one.extra)} points${STATUS[one.status] ? `, ${STATUS[one.status]}` : ""}`;
        write(article.querySelector(".mark"), shown);
        const note = article.querySelector(".note");
        write(note, one.note ? `Grading says: ${one.note}` : "");
        note.hidden = !one.note;
        article.dataset.status = one.status;
        article.classList.toggle("current", n === place);
        if (n === place) {
            article.setAttribute("aria-current", "true");
        } else {
            article.removeAttribute("aria-current");
        }
        article.hidden = n !== place && !passes(one);
    }
    const all = Object.values(state.answers);
    const count = all.filter(waits).length;
    state.left[question - 1] = count;
    write($("left"), `${count} of ${all.length} left`);
    for (const [n, option] of [...$("question").options].entries()) {
        const label = option.dataset.label ?? option.textContent;
        option.dataset.label = label;
        write(option, `${state.left[n]} left: ${label}`);
    }
    drawPanel();
}

function passes(one) {
    const wanted = $("filter").value;
    return wanted === "all" || (wanted === "left" && waits(one))
        || (wanted === "marked" && !waits(one)) || wanted in one.items;
}

function drawPanel() {
    const one = state.answers[codes[place]];
    $("panel").hidden = !one;
    if (!one) {
        return;
    }
    $("whose").textContent = `Answer ${codes[place]}`;
    $("unread").hidden = !one.note;
    $("points").textContent = one.points === null || one.status === "left" ? "–" : number(one.points);
    const extra = one.extra ? ` and ${number(one.extra)} extra, given in formgrader` : "";
    $("how").textContent = `${STATUS[one.status] ? `(${STATUS[one.status]})` : ""}${extra}`;
    for (const button of document.querySelectorAll("button.level")) {
        const given = one.items[button.dataset.item] === Number(button.dataset.place);
        button.setAttribute("aria-pressed", String(given));
    }
    if (document.activeElement !== $("free")) {
        $("free").value = one.free === null ? "" : number(one.free);
    }
    const text = drafts[codes[place]]?.text ?? one.comment;
    if ($("comment").value !== text) {
        $("comment").value = text;
    }
}

function go(to, focus = true) {
    if (to < 0 || to >= articles.length) {
        say(to < 0 ? "This is the first answer." : "This is the last answer.");
        return;
    }
    place = to;
    draw();
    $("panel").scrollTop = 0;
    const article = articles[place];
    if (focus) {
        article.focus({ preventScroll: true });
        article.scrollIntoView({ block: "start" });
    }
    say("");
}

function step(by) {
    for (let to = place + by; to >= 0 && to < articles.length; to += by) {
        if (!state.answers[codes[to]] || passes(state.answers[codes[to]])) {
            go(to);
            return;
        }
    }
    go(by < 0 ? -1 : articles.length);
}

function nextLeft() {
    const order = articles.map((_, n) => (place + 1 + n) % articles.length);
    const found = order.find((n) => state.answers[codes[n]] && waits(state.answers[codes[n]]));
    if (found !== undefined && (found !== place || articles.length === 1)) {
        go(found);
        return;
    }
    const other = state.left.findIndex((count, n) => count && n + 1 !== question);
    say(found === undefined
        ? `Nothing is left here.${other >= 0 ? ` Question ${other + 1} has ${state.left[other]} left: ] or [ goes there.` : ""}`
        : "This is the only one that is left.");
}

async function enter() {
    const one = state.answers[codes[place]];
    if (one && one.status === "again") {
        await mark({ stands: true });
    }
    await busy;
    nextLeft();
}

// -- what a person does ---------------------------------------------------------------------------

function press(n) {
    const item = items[n];
    const one = state.answers[codes[place]];
    if (!item || !one) {
        return;
    }
    const now = one.items[item.name];
    const next = now === undefined ? 0 : now + 1 < item.points.length ? now + 1 : null;
    give(item.name, next);
    document.querySelector(`.items li[data-item="${item.name}"]`).scrollIntoView({ block: "nearest" });
}

function give(item, to) {
    return mark({ item, place: to });
}

function saveFree() {
    const one = state.answers[codes[place]];
    const text = $("free").value.trim().replace(",", ".").replace("−", "-");
    const value = text === "" ? null : Number(text);
    if (value === one.free) {
        return;
    }
    if (Number.isNaN(value)) {
        say("NOT WRITTEN: free points are a number.", true);
        return;
    }
    mark({ free: value });
}

let saving = 0;
function saveComment() {
    clearTimeout(saving);
    const code = codes[place];
    if (!drafts[code]) {
        return;
    }
    later(async () => {
        const { text, before } = drafts[code] ?? {};
        if (text === undefined) {
            return;
        }
        try {
            state.answers[code] = await post("mark", { answer: code, change: { comment: text, before } });
            if (drafts[code].text === text) {
                delete drafts[code];
            } else {
                drafts[code].before = text.trim();
            }
            stamp = "";
            say(`${code}: comment written.`);
        } catch (error) {
            if (error.status !== 409) {
                throw error;
            }
            stamp = "";
            await refresh();
            drafts[code].before = state.answers[code].comment;
            say(`NOT WRITTEN: elsewhere the comment on ${code} became “${drafts[code].before}”. Yours is `
                + "still in the box: change it, or leave the box once more, to write it over that one.", true);
        }
    });
}

function showNames(on) {
    $("names").setAttribute("aria-pressed", String(on));
    const fill = (names) => {
        for (const [n, article] of articles.entries()) {
            article.querySelector(".who").textContent = names[codes[n]] ?? "";
        }
    };
    if (on) {
        later(async () => fill(await (await fetch(`names?q=${question}`)).json()));
    } else {
        fill({});
    }
}

function view(alone) {
    $("view").setAttribute("aria-pressed", String(alone));
    body.classList.toggle("alone", alone);
    keep("view", alone ? "alone" : "all");
    articles[place]?.scrollIntoView({ block: "start" });
}

function remember(words) {
    sessionStorage.setItem("snrilab-mark-place", codes[place] ?? "");
    sessionStorage.setItem("snrilab-mark-said", words);
}

function toQuestion(n) {
    if (n >= 1 && n <= Number(body.dataset.of)) {
        saveComment();
        busy.then(() => location.assign(`?q=${n}`));
    } else {
        say(n < 1 ? "This is the first question." : "This is the last question.");
    }
}

function openItem(item) {
    editing = item;
    const have = item ? Object.values(state.answers).filter((one) => item.name in one.items).length : 0;
    $("item-title").textContent = item ? `Change item ${items.indexOf(item) + 1}` : "Add an item";
    $("item-have").textContent = item ? `${have} ${have === 1 ? "answer has" : "answers have"} it and will be marked again.` : "";
    $("item-points").value = item ? item.points.map(number).join(" or ") : "1";
    $("item-words").value = item ? item.words : "";
    $("item-said").textContent = "";
    $("item-remove").hidden = !item;
    $("item").showModal();
    $("item-points").focus();
    $("item-points").select();
}

async function saveItem(remove) {
    try {
        const done = await post("item", {
            name: editing ? editing.name : null,
            points: $("item-points").value,
            words: $("item-words").value,
            remove,
        });
        remember(editing ? `${remove ? "Removed" : "Changed"}: ${done.have} had this item, ${done.moved} have other points now.` : "Added.");
        location.reload();
    } catch (error) {
        $("item-said").textContent = error.message;
    }
}

// What is left of a file that no machine could read, in all questions; asked about before.
let rest = { code: "", keys: [] };

function askRest() {
    const code = codes[place];
    if (!code) {
        return;
    }
    saveComment();
    later(async () => {
        const answer = await fetch(`rest?q=${question}&answer=${code}`);
        const read = await answer.json();
        if (!answer.ok) {
            throw new Error(read.error);
        }
        rest = { code, keys: read.keys };
        const count = rest.keys.length;
        if (!count) {
            say(`Nothing of ${code} is left that no machine could read.`);
            return;
        }
        $("settle-what").textContent = `${code}: ${count} ${count === 1 ? "answer is" : "answers are"} left, in all questions `
            + `together: ${rest.keys.map((key) => key.split("/")[1]).join(", ")}. Points that you gave stay.`;
        $("settle").showModal();
    });
}

function settleRest() {
    $("settle").close();
    later(async () => {
        const { settled } = await post("rest", { answer: rest.code, keys: rest.keys });
        stamp = "";
        await refresh();
        say(`${rest.code}: ${settled} ${settled === 1 ? "answer has" : "answers have"} 0 points now. x takes one back.`);
    });
}

const KEYS = {
    Z: askRest,
    j: () => step(1),
    ArrowRight: () => step(1),
    k: () => step(-1),
    ArrowLeft: () => step(-1),
    c: () => $("comment").focus(),
    f: () => { $("free").focus(); $("free").select(); },
    z: () => mark({ zero: true }),
    x: () => mark({ take_back: true }),
    v: () => view(!body.classList.contains("alone")),
    w: () => window.open(`notebook?q=${question}&answer=${codes[place]}`, "_blank", "noopener"),
    s: () => showNames($("names").getAttribute("aria-pressed") !== "true"),
    e: () => { pending = "e"; say("Change which item? Press its key."); },
    a: () => openItem(null),
    "[": () => toQuestion(question - 1),
    "]": () => toQuestion(question + 1),
    "?": () => $("keys").showModal(),
};

document.addEventListener("keydown", (event) => {
    const field = event.target.closest("input, textarea, select");
    if (field) {
        if (event.key === "Escape" && field.closest("#panel")) {
            field.blur();
            articles[place].focus({ preventScroll: true });
        }
        if (event.key === "Enter" && field.id === "free") {
            field.blur();
            articles[place].focus({ preventScroll: true });
        }
        if (event.key === "Enter" && field.closest("#item")) {
            if (event.ctrlKey || event.metaKey || field.id === "item-points" && $("item-words").value.trim()) {
                saveItem(false);
            } else if (field.id === "item-points") {
                $("item-words").focus();
                event.preventDefault();
            }
        }
        return;
    }
    if (event.metaKey || event.ctrlKey && !event.altKey || document.querySelector("dialog[open]")
        || kept("single", "on") !== "on" || !articles.length) {
        return;
    }
    const digit = /^(?:Digit|Numpad)([0-9])$/.exec(event.code);
    // Where a layout has its digits on other places, the key's own sign counts.
    const typed = digit && !event.altKey ? digit[1] : /^[0-9]$/.test(event.key) ? event.key : null;
    if (typed !== null) {
        const shifted = event.shiftKey && digit && digit[0].startsWith("Digit");
        const n = (Number(typed) + 9) % 10 + (shifted ? 10 : 0);
        if (pending && items[n]) {
            openItem(items[n]);
        } else if (!pending && !event.repeat) {
            press(n);
        }
        pending = "";
        event.preventDefault();
        return;
    }
    pending = event.key === "Shift" ? pending : "";
    if (event.key === "Enter" && !event.target.closest("button, a, summary")) {
        enter();
        event.preventDefault();
    } else if (KEYS[event.key] && !(event.repeat && !"jkArrowRightArrowLeft".includes(event.key))) {
        KEYS[event.key]();
        event.preventDefault();
    }
});

$("question").addEventListener("change", () => toQuestion($("question").selectedIndex + 1));
$("filter").addEventListener("change", draw);
$("view").addEventListener("click", KEYS.v);
$("names").addEventListener("click", KEYS.s);
$("help").addEventListener("click", KEYS["?"]);
$("add").addEventListener("click", KEYS.a);
$("zero").addEventListener("click", KEYS.z);
$("rest").addEventListener("click", askRest);
$("settle-do").addEventListener("click", settleRest);
$("back").addEventListener("click", KEYS.x);
$("next").addEventListener("click", enter);
$("whole").addEventListener("click", KEYS.w);
$("free").addEventListener("blur", saveFree);
$("comment").addEventListener("input", () => {
    const code = codes[place];
    drafts[code] = { text: $("comment").value, before: drafts[code]?.before ?? state.answers[code].comment };
    clearTimeout(saving);
    saving = setTimeout(saveComment, 1500);
});
$("comment").addEventListener("blur", saveComment);
$("missing").addEventListener("change", () => later(async () => {
    const { on } = await post("missing", { on: $("missing").checked });
    say(on ? "Feedback of this assignment names all items." : "Feedback names the items that were given.");
}));
$("item-save").addEventListener("click", () => saveItem(false));
$("item-remove").addEventListener("click", () => saveItem(true));
$("single").checked = kept("single", "on") === "on";
$("single").addEventListener("change", () => keep("single", $("single").checked ? "on" : "off"));
for (const button of document.querySelectorAll("dialog .close")) {
    button.addEventListener("click", () => button.closest("dialog").close());
}
for (const button of document.querySelectorAll("button.level")) {
    button.addEventListener("click", () => {
        const to = Number(button.dataset.place);
        const given = button.getAttribute("aria-pressed") === "true";
        give(button.dataset.item, given ? null : to);
    });
}
for (const button of document.querySelectorAll("button.change")) {
    button.addEventListener("click", () => openItem(items.find((item) => item.name === button.dataset.item)));
}
for (const [n, article] of articles.entries()) {
    article.addEventListener("click", () => { if (n !== place) { go(n, false); } });
}

view(kept("view", "all") === "alone");
const last = codes.indexOf(sessionStorage.getItem("snrilab-mark-place"));
const words = sessionStorage.getItem("snrilab-mark-said") ?? "";
sessionStorage.removeItem("snrilab-mark-place");
sessionStorage.removeItem("snrilab-mark-said");
later(refresh).then(() => {
    const first = codes.findIndex((code) => state.answers[code] && waits(state.answers[code]));
    if (articles.length) {
        go(last >= 0 ? last : Math.max(first, 0));
    }
    say(words);
    body.dataset.ready = "yes";
});
// A mark made in formgrader or in another tab is seen here.
setInterval(() => { if (!document.hidden) { later(refresh); } }, 4000);
document.addEventListener("visibilitychange", () => { if (!document.hidden) { later(refresh); } });
addEventListener("beforeunload", (event) => {
    saveComment();
    if (Object.keys(drafts).length) {
        event.preventDefault();
    }
});
