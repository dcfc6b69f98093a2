// Every page works without this. Each module improves what it finds and leaves the rest alone.
import { tellTheTime } from "./moments.js";
import { closeMenus } from "./menus.js";
import { chooseLight } from "./light.js";

tellTheTime(document);
closeMenus(document);
chooseLight(document);

const needed = [
  ["[data-copy], [data-copy-text]", "./copying.js", "offerCopying"],
  ["[data-limit]", "./counting.js", "countCharacters"],
  ["input[data-moment]", "./clocks.js", "turnClocks"],
  ["form[data-tried]", "./trying.js", "tryWhileWriting"],
  ["[data-keys]", "./keys.js", "listenForKeys"],
  ["[data-lease]", "./leases.js", "keepLease"],
  ["form button[data-act]", "./acting.js", "actInPlace"],
  ["[data-passkey-sign-in], [data-passkey-factor], [data-passkey-create]", "./passkeys.js", "offerPasskeys"],
];

for (const [selector, module, start] of needed) {
  if (document.querySelector(selector)) {
    import(module).then((loaded) => loaded[start](document));
  }
}

if ("serviceWorker" in navigator && isSecureContext) {
  navigator.serviceWorker.register("/service-worker.js").catch(() => {});
}
