// How many characters are left, counted as the server counts: graphemes, every address 23,
// of a remote mention only the name.

const ADDRESS = /https?:\/\/[^\s<>"]+/giu;
const REMOTE = /@([\p{L}\p{N}_]+(?:[.-][\p{L}\p{N}_]+)*)@[\p{L}\p{N}.-]+/gu;
const segments = globalThis.Intl?.Segmenter
  ? new Intl.Segmenter(undefined, { granularity: "grapheme" })
  : null;

export function lengthOf(text) {
  const short = text.replace(ADDRESS, "x".repeat(23)).replace(REMOTE, "@$1");
  return segments ? [...segments.segment(short)].length : [...short].length;
}

export function countCharacters(root) {
  for (const area of root.querySelectorAll("textarea[data-limit]")) {
    const limit = Number(area.dataset.limit);
    const left = document.createElement("p");
    left.className = "count-left number";
    area.after(left);
    const show = () => {
      const rest = limit - lengthOf(area.value);
      left.textContent = rest === 1 ? "1 character left" : `${rest} characters left`;
      left.toggleAttribute("data-over", rest < 0);
      // Spoken only when it begins to matter, not at every letter.
      left.setAttribute("aria-live", rest <= 20 ? "polite" : "off");
    };
    area.addEventListener("input", show);
    show();
  }
}
