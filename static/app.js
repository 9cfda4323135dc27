// The little that a page cannot say in HTML. Nothing a page needs is here: menus are <details>, choices are radios.
// Loaded blocking in <head>, so that the first paint has the right theme.
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const theme = () => { if (root.dataset.theme === "auto") root.dataset.bsTheme = dark.matches ? "dark" : "light"; };
  theme();
  dark.addEventListener("change", theme);

  // One open menu at a time; Escape gives the focus back.
  document.addEventListener("click", e => document.querySelectorAll("details.menu[open]").forEach(d => d.contains(e.target) || d.removeAttribute("open")));
  document.addEventListener("keydown", e => {
    const menu = e.key === "Escape" && document.querySelector("details.menu[open]");
    if (menu) { menu.removeAttribute("open"); menu.querySelector("summary").focus(); }
    const typing = e.target.closest("input, textarea, select, [contenteditable]");
    if (e.key === "/" && !typing && !e.ctrlKey && !e.metaKey && !e.altKey) {
      const box = document.querySelector("[data-search]");
      e.preventDefault();
      box ? box.focus() : location.assign(document.querySelector("[data-search-page]").href);
    }
    if (e.key === "Enter" && (e.ctrlKey || e.metaKey) && typing && typing.form) typing.form.requestSubmit();
  });

  // Sentences for the foot of the page: refusals and lost connections do not push the page.
  const say = (text, wrong) => {
    const flash = document.getElementById("flash");
    if (!flash) return;
    const said = document.createElement("span");
    said.className = "said foot-said" + (wrong ? " said-wrong" : "");
    said.textContent = text;
    flash.replaceChildren(said);
  };
  const word = name => document.body.dataset[name];
  document.addEventListener("staffetta:said", e => say(e.detail.text, e.detail.wrong));
  document.addEventListener("htmx:error", e => { if (e.detail.ctx && !e.detail.ctx.response) say(word("offline"), true); });
  addEventListener("online", () => say(word("online"), false));
  addEventListener("offline", () => say(word("offline"), true));

  // The session ended while a form was open: ask for the password here, then send the same form again.
  let waiting = null;
  document.addEventListener("staffetta:signed-out", e => {
    const dialog = document.getElementById("sign-in-again");
    if (!dialog) return location.reload();
    waiting = e.target.closest("form") || null;
    dialog.showModal();
  });
  document.addEventListener("submit", async e => {
    if (e.target.id !== "sign-in-again-form") return;
    e.preventDefault();
    const problem = document.getElementById("sign-in-again-error");
    try {
      const answer = await fetch(e.target.action, { method: "POST", body: new FormData(e.target), headers: { Accept: "application/json" } });
      const told = await answer.json();
      if (!answer.ok) { problem.textContent = told.text; return; }
      document.querySelectorAll("input[name=csrf]").forEach(i => { i.value = told.csrf; });
      e.target.reset();
      problem.textContent = "";
      document.getElementById("sign-in-again").close();
      if (waiting) waiting.requestSubmit(); else say(word("online"), false);
    } catch { problem.textContent = word("offline"); }
  });

  // A row that was chosen with its tick is marked; the foot counts them.
  document.addEventListener("change", e => {
    if (e.target.matches("[data-all]")) document.querySelectorAll(e.target.dataset.all).forEach(i => { i.checked = e.target.checked; i.closest("tr")?.classList.toggle("is-picked", i.checked); });
    else if (e.target.closest("td.pick")) e.target.closest("tr").classList.toggle("is-picked", e.target.checked);
    else return;
    countPicked();
  });
  const countPicked = () => {
    const n = document.querySelectorAll("td.pick input:checked").length;
    document.querySelectorAll("[data-picked]").forEach(s => { s.textContent = n ? s.dataset.picked.replace("0", n) : ""; });
    document.querySelectorAll("[data-needs-picked]").forEach(b => { b.hidden = !n; });
  };
  document.addEventListener("htmx:after:swap", countPicked); // other rows came, without their ticks
  document.addEventListener("click", e => { if (e.target.closest("[data-print]")) print(); });

  // A swap that takes away what had the focus gives it to the same link or button in what came, else to the fragment
  // itself: with the keyboard one goes on from there, and not from the top of the page. (htmx keeps it only by id.)
  let held = null;
  document.addEventListener("htmx:before:swap", () => { held = document.activeElement; });
  document.addEventListener("htmx:after:swap", e => {
    if (!held || held.isConnected || document.activeElement !== document.body) return;
    const place = document.getElementById(e.detail.ctx.target?.id) || document.getElementById("main");
    const like = [...place.querySelectorAll(held.tagName)];
    const said = held.textContent.trim(), href = held.getAttribute("href");
    const twin = (href && like.find(x => x.getAttribute("href") === href)) || (said && like.find(x => x.textContent.trim() === said));
    if (twin) twin.focus({ preventScroll: true });
    if (document.activeElement !== document.body) return;
    place.tabIndex = -1;
    place.focus({ preventScroll: true });
  });

  // A call was started: the foot asks how it went.
  document.addEventListener("click", e => {
    const call = e.target.closest("[data-asks]");
    if (call) document.getElementById(call.dataset.asks).hidden = false;
  });
})();
