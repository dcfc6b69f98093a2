// Buttons that copy: shown only where copying can work.

export function offerCopying(root) {
  if (!navigator.clipboard) return;
  for (const button of root.querySelectorAll("[data-copy], [data-copy-text]")) {
    button.hidden = false;
    button.addEventListener("click", () => copy(button));
  }
}

async function copy(button) {
  const words = button.querySelector("span") ?? button;
  const before = words.textContent;
  try {
    await navigator.clipboard.writeText(textOf(button));
    words.textContent = "Copied";
  } catch {
    words.textContent = "Could not copy";
  }
  setTimeout(() => { words.textContent = before; }, 2000);
}

function textOf(button) {
  if (button.dataset.copyText) return new URL(button.dataset.copyText, location.href).href;
  const source = document.getElementById(button.dataset.copy);
  const items = [...source.querySelectorAll("li")].map((item) => item.textContent.trim());
  return items.length ? items.join("\n") : source.textContent.trim();
}
