"use strict";
/* Keys of the desk: an element with data-key is clicked by that key, one with data-focus-key gets the focus. */
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, select, textarea, [contenteditable]");
  if (typing || event.ctrlKey || event.altKey || event.metaKey || event.key.length > 1) return;
  const key = CSS.escape(event.key.toLowerCase());
  const clicked = document.querySelector(`[data-key="${key}"]`);
  const focused = document.querySelector(`[data-focus-key="${key}"]`);
  if (clicked) { event.preventDefault(); clicked.click(); }
  else if (focused) { event.preventDefault(); focused.focus(); }
});
