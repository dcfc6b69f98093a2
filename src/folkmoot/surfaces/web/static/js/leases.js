// Counts a case's five minutes down, and renews them while somebody works on it. Typed words are
// not lost by leaving the page without being asked.

const RENEW_BELOW_S = 150;
const WARN_AT_S = 60;

const spoken = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

export function keepLease(root) {
  const clock = root.querySelector("[data-lease]");
  const words = clock.querySelector("[data-left-words]");
  const status = clock.querySelector("[data-left-status]");
  const bar = clock.querySelector("svg");
  const form = root.querySelector("form[data-keep]");
  let ends = Date.now() + Number(clock.dataset.left) * 1000;
  let active = false;
  let asking = false;

  const renew = async () => {
    asking = true;
    try {
      const body = new URLSearchParams({ csrf: form.elements.csrf.value });
      const headers = { Accept: "application/json" };
      const answer = await fetch(clock.dataset.lease, { method: "POST", body, headers });
      if (!answer.ok) return;
      const { held_s: held } = await answer.json();
      ends = Date.now() + held * 1000;
      for (const moving of bar.querySelectorAll("animate")) {
        moving.setAttribute("from", "100%");
        moving.setAttribute("dur", `${held}s`);
      }
      bar.setCurrentTime(0);
      status.textContent = "";
    } catch {
      // Offline: the clock goes on, and the button tries again.
    } finally {
      active = false;
      asking = false;
    }
  };

  const tick = () => {
    const left = Math.max(0, Math.round((ends - Date.now()) / 1000));
    words.textContent = ` · ${spoken(left)} left`;
    clock.toggleAttribute("data-short", left <= WARN_AT_S);
    if (left === WARN_AT_S) status.textContent = "One minute left for this case.";
    if (left === 0) status.textContent = "The five minutes are over. Keep it if you go on.";
    if (active && left > 0 && left < RENEW_BELOW_S && !asking) renew();
  };

  for (const kind of ["input", "keydown", "pointerdown"]) {
    root.addEventListener(kind, () => (active = true), { passive: true });
  }
  setInterval(tick, 1000);
  tick();

  let dirty = false;
  form?.addEventListener("input", () => (dirty = true));
  root.addEventListener("submit", (event) => (dirty = dirty && event.target.method === "get"));
  window.addEventListener("beforeunload", (event) => {
    if (dirty) event.preventDefault();
  });
}
