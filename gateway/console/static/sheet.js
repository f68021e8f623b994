"use strict";
/* What is typed on a sheet stays, over a reload and a login, until it was taken: the sheet has another revision then. */
(() => {
  const fields = (form) => [...form.elements].filter((field) => field.name && field.type !== "hidden");
  for (const form of document.querySelectorAll("form[data-keep]")) {
    const key = `kept ${form.dataset.keep}`, revision = form.elements.revision.value;
    const keep = (sent) => {
      const typed = Object.fromEntries(fields(form).map((field) => [field.name, field.value]));
      sessionStorage.setItem(key, JSON.stringify({ typed, sent }));
    };
    const kept = JSON.parse(sessionStorage.getItem(key));
    if (form.hasAttribute("data-again")) keep("");
    else if (kept?.sent && kept.sent !== revision) sessionStorage.removeItem(key);
    else if (kept) for (const field of fields(form)) if (field.name in kept.typed) field.value = kept.typed[field.name];
    form.addEventListener("input", () => keep(""));
    form.addEventListener("submit", () => keep(revision));
  }
})();
