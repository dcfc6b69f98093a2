// Moments in the reader's own time zone, and as a distance while they are near.

const STEPS = [
  [60, 1, "s"],
  [3600, 60, "min"],
  [86400, 3600, "h"],
  [604800, 86400, "d"],
];

function distance(then, now) {
  const seconds = Math.round((now - then) / 1000);
  if (seconds < 5) return "now";
  for (const [limit, unit, letter] of STEPS) {
    if (seconds < limit) return `${Math.floor(seconds / unit)} ${letter}`;
  }
  return null;
}

function refresh(elements, day) {
  const now = Date.now();
  for (const element of elements) {
    const then = new Date(element.dateTime);
    element.textContent = distance(then.getTime(), now) ?? day.format(then);
  }
}

export function tellTheTime(root) {
  const language = document.documentElement.lang;
  const full = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });
  const day = new Intl.DateTimeFormat(language, { dateStyle: "medium" });
  for (const element of root.querySelectorAll("time[data-local]")) {
    element.textContent = full.format(new Date(element.dateTime));
  }
  const near = [...root.querySelectorAll("time[data-ago]")];
  for (const element of near) element.title = full.format(new Date(element.dateTime));
  refresh(near, day);
  if (near.length) setInterval(() => refresh(near, day), 60_000);
}
