// Single keys on the desk, for whoever has not turned them off: `data-key` presses what carries
// it, `data-focus` only goes there, so that nothing is decided by a slip of a finger.

const WRITING = "textarea, select, input:not([type=checkbox], [type=radio])";

export function listenForKeys(root) {
  const desk = root.querySelector("[data-keys]");
  const panel = root.getElementById("keys");
  desk.dataset.keys = "on";
  for (const each of desk.querySelectorAll("[data-key], [data-focus]")) {
    each.setAttribute("aria-keyshortcuts", each.dataset.key ?? each.dataset.focus);
  }

  const press = (key) => {
    const found = desk.querySelector(`[data-key="${key}"], [data-focus="${key}"]`);
    if (!found || found.disabled) return false;
    found.focus();
    if (found.dataset.key) found.click();
    return true;
  };

  root.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.repeat || event.metaKey || event.altKey) return;
    if (event.ctrlKey) {
      const form = event.key === "Enter" && event.target.closest("form[data-keep]");
      if (form) form.requestSubmit(form.querySelector("button[type=submit]"));
      return;
    }
    if (event.target.closest(WRITING)) return;
    if (event.key === "?") panel.togglePopover?.();
    else if (!/^[a-z0-9]$/.test(event.key) || !press(event.key)) return;
    event.preventDefault();
  });
}
