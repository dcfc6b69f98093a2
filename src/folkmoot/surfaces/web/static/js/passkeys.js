// The passkey ceremonies. The server sends options as JSON and takes the credential as JSON.

const toBytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));

const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");

export function offerPasskeys(root) {
  if (!globalThis.PublicKeyCredential) return;
  const signIn = root.querySelector("[data-passkey-sign-in]");
  if (signIn) {
    signIn.hidden = false;
    const button = signIn.querySelector("button");
    button.addEventListener("click", () =>
      ceremony(signIn, button, async () => {
        const begun = await begin(button.form, "/auth/sign-in/passkey/options");
        send(button.form, "/auth/sign-in/passkey", begun, await prove(begun.options));
      }),
    );
  }
  const factor = root.querySelector("[data-passkey-factor]");
  if (factor) {
    const button = factor.querySelector("[data-passkey-start]");
    button.addEventListener("click", () =>
      ceremony(factor, button, async () => {
        const begun = await begin(factor, "/auth/second-factor/passkey/options");
        send(factor, factor.action, begun, await prove(begun.options));
      }),
    );
  }
  const create = root.querySelector("[data-passkey-create]");
  if (create) {
    create.hidden = false;
    const button = create.querySelector("button");
    create.addEventListener("submit", (event) => {
      event.preventDefault();
      ceremony(create, button, async () => {
        const begun = await begin(create, "/settings/security/passkeys/options");
        send(create, create.action, begun, await make(begun.options));
      });
    });
  }
}

async function begin(form, address) {
  const answer = await fetch(address, {
    method: "POST",
    body: new URLSearchParams({ csrf: form.elements.csrf.value }),
  });
  if (!answer.ok) throw new Error("The server did not begin. Reload the page and try again.");
  return answer.json();
}

async function ceremony(place, button, steps) {
  const error = place.querySelector(".error");
  error.hidden = true;
  button.disabled = true;
  try {
    await steps();
  } catch (problem) {
    error.textContent =
      problem.name === "NotAllowedError"
        ? "Nothing was confirmed. Try again, or choose another way."
        : problem.message;
    error.hidden = false;
    button.disabled = false;
  }
}

function send(form, action, begun, credential) {
  fill(form, "challenge", begun.challenge);
  fill(form, "credential", JSON.stringify(credential));
  form.action = action;
  form.submit();
}

function fill(form, name, value) {
  let field = form.elements[name];
  if (!field) {
    field = Object.assign(document.createElement("input"), { type: "hidden", name });
    form.append(field);
  }
  field.value = value;
}

async function prove(options) {
  const credential = await navigator.credentials.get({
    publicKey: {
      ...options,
      challenge: toBytes(options.challenge),
      allowCredentials: (options.allowCredentials ?? []).map((c) => ({ ...c, id: toBytes(c.id) })),
    },
  });
  const { response } = credential;
  return {
    ...described(credential),
    response: {
      clientDataJSON: toText(response.clientDataJSON),
      authenticatorData: toText(response.authenticatorData),
      signature: toText(response.signature),
      userHandle: response.userHandle ? toText(response.userHandle) : null,
    },
  };
}

async function make(options) {
  const credential = await navigator.credentials.create({
    publicKey: {
      ...options,
      challenge: toBytes(options.challenge),
      user: { ...options.user, id: toBytes(options.user.id) },
      excludeCredentials: (options.excludeCredentials ?? []).map((c) => ({
        ...c,
        id: toBytes(c.id),
      })),
    },
  });
  const { response } = credential;
  return {
    ...described(credential),
    response: {
      clientDataJSON: toText(response.clientDataJSON),
      attestationObject: toText(response.attestationObject),
      transports: response.getTransports?.() ?? [],
    },
  };
}

function described(credential) {
  return {
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment ?? null,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}
