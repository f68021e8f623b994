"use strict";
/* Forms in the panel: opened when they come, closed when they are done; what was typed stays, also over a reload. */
(() => {
  const panel = document.getElementById("panel");
  if (!panel) return;
  const formOf = (element) => element.closest("form[data-keep]");
  const keyOf = (form) => `kept ${form.dataset.keep}`;
  const fields = (form) => [...form.elements].filter((field) => field.name && field.name !== "do" && field.name !== "alarm" && field.name !== "csrf");

  function keep(form) {
    const typed = Object.fromEntries(fields(form).map((field) => [field.name, field.value]));
    sessionStorage.setItem(keyOf(form), JSON.stringify(typed));
  }
  function restore(form) {
    const kept = sessionStorage.getItem(keyOf(form));
    if (kept === null) return;
    const typed = JSON.parse(kept);
    for (const field of fields(form)) if (field.name in typed) field.value = typed[field.name];
  }
  function opened() {
    const form = panel.querySelector("form[data-keep]");
    if (form) (form.hasAttribute("data-again") ? keep : restore)(form);
    if (!panel.open) panel.showModal();
    const first = panel.querySelector("[role=alert]:not(.hidden)") && panel.querySelector("textarea, input:not([type=hidden]), select");
    (first || panel.querySelector("select, input:not([type=hidden]), textarea, button"))?.focus();
  }
  function unsent(form) {
    const line = form.querySelector("#unsent");
    line.textContent = panel.dataset.unsent;
    line.classList.remove("hidden");
  }
  panel.addEventListener("input", (event) => { const form = formOf(event.target); if (form) keep(form); });
  panel.addEventListener("click", (event) => { if (event.target.closest("[data-close]")) panel.close(); });
  panel.addEventListener("keydown", (event) => {
    const form = formOf(event.target);
    if (form && event.key === "Enter" && event.ctrlKey) form.requestSubmit();
  });
  panel.addEventListener("close", () => {
    const did = panel.querySelector("[name=do]")?.value;
    panel.replaceChildren();
    document.dispatchEvent(new CustomEvent("desk:closed"));
    if (document.activeElement === document.body) document.getElementById(`do-${did}`)?.focus();
  });
  /* What is typed while a form is on its way is not meant as keys of the desk. */
  let patience = 0;
  function opening(is) {
    document.body.toggleAttribute("data-opening", is);
    clearTimeout(patience);
    if (is) patience = setTimeout(opening, 10000, false);
  }
  document.body.addEventListener("htmx:beforeRequest", (event) => { if (event.detail.target === panel) opening(true); });
  document.body.addEventListener("htmx:afterRequest", (event) => { if (event.detail.target === panel) opening(false); });
  /* Not before htmx knows the form: a quick Ctrl+Enter would leave the page. */
  document.body.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target === panel && panel.childElementCount) opened();
  });
  document.body.addEventListener("acted", (event) => {
    const form = formOf(event.target);
    if (form) sessionStorage.removeItem(keyOf(form));
    if (panel.open) panel.close();
  });
  for (const failed of ["htmx:sendError", "htmx:responseError", "htmx:timeout"])
    document.body.addEventListener(failed, (event) => {
      const form = formOf(event.target), result = document.getElementById("result");
      const cause = event.detail.requestConfig?.triggeringEvent;
      if (form) { keep(form); unsent(form); }
      /* What a page asks for by itself it asks for again by itself. */
      else if (result && cause && !/^(sse|htmx):/.test(cause.type)) result.textContent = panel.dataset.failed;
    });
})();
