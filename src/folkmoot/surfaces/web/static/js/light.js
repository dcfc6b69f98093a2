// The reader's light, changed at once; the server reads the same cookie for the next page.

const YEAR_S = 31_536_000;

export function chooseLight(root) {
  const form = root.querySelector("[data-theme-choice]");
  if (!form) return;
  form.addEventListener("submit", (event) => {
    const chosen = event.submitter?.value;
    if (!chosen) return;
    event.preventDefault();
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `theme=${chosen}; Path=/; Max-Age=${YEAR_S}; SameSite=Lax${secure}`;
    if (chosen === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = chosen;
    for (const button of form.querySelectorAll("button")) {
      button.setAttribute("aria-pressed", String(button.value === chosen));
    }
  });
}
