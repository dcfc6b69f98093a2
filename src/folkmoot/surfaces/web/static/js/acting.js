// Boosting, favouriting and bookmarking without leaving the page.

export function actInPlace(root) {
  for (const button of root.querySelectorAll("form button[data-act]")) {
    button.form.addEventListener("submit", (event) => {
      event.preventDefault();
      act(button);
    });
  }
}

async function act(button) {
  const form = button.form;
  button.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      body: new URLSearchParams(new FormData(form)),
      headers: { Accept: "application/json" },
    });
    if (!answer.ok) throw new Error(String(answer.status));
    const now = await answer.json();
    button.setAttribute("aria-pressed", String(now.on));
    form.action = now.undo;
    const number = button.querySelector("[data-number]");
    if (number && now.count !== null) number.textContent = now.count || "";
  } catch {
    // Whatever went wrong, the plain form tells it in full.
    form.submit();
  } finally {
    button.removeAttribute("aria-busy");
  }
}
