// Checks a file and tries a text while they are written: sends the form to be checked, and shows
// what came back in place of what stood there.

const PAUSE_MS = 500;

export function tryWhileWriting(root) {
  for (const form of root.querySelectorAll("form[data-tried]")) {
    const shown = form.querySelector("#f-source-error");
    let waiting = 0;
    let asked = null;

    const ask = async () => {
      asked?.abort();
      asked = new AbortController();
      try {
        const body = new URLSearchParams(new FormData(form));
        const answer = await fetch(form.dataset.tried, { method: "POST", body, signal: asked.signal });
        if (!answer.ok) return;
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const fresh = page.getElementById("f-source-error");
        if (fresh) shown.replaceChildren(...fresh.childNodes);
      } catch {
        // Gone offline, or overtaken by the next letter: the button still works.
      }
    };

    form.addEventListener("input", (event) => {
      if (!event.target.matches("textarea")) return;
      clearTimeout(waiting);
      waiting = setTimeout(ask, PAUSE_MS);
    });
  }
}
