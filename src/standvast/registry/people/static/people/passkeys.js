// @ts-check
/**
 * Passkeys: forms marked `data-passkey` ask the browser for a key before they are sent.
 *
 * `login` fetches its options first (nobody is known yet), `get` and `create` have theirs in
 * `data-passkey-options`. Without JavaScript or without WebAuthn the forms stay hidden, and the
 * password does.
 */

/**
 * @param {HTMLFormElement} form
 * @returns {Promise<any>} the options as the server made them
 */
async function optionsOf(form) {
  if (form.dataset.passkey !== "login") return JSON.parse(form.dataset.passkeyOptions ?? "{}");
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`options: ${answer.status}`);
  return (await answer.json()).request_options;
}

/**
 * @param {HTMLFormElement} form
 * @returns {Promise<string>} the key's answer, as JSON
 */
async function keyOf(form) {
  const { publicKey } = await optionsOf(form);
  if (form.dataset.passkey !== "create") {
    const asked = PublicKeyCredential.parseRequestOptionsFromJSON(publicKey);
    return JSON.stringify(await navigator.credentials.get({ publicKey: asked }));
  }
  const alone = form.querySelector("input[name=passwordless]");
  const isAlone = alone instanceof HTMLInputElement && alone.checked;
  publicKey.authenticatorSelection = {
    ...publicKey.authenticatorSelection,
    residentKey: isAlone ? "required" : "discouraged",
    requireResidentKey: isAlone,
    ...(isAlone ? { userVerification: "required" } : {}),
  };
  const asked = PublicKeyCredential.parseCreationOptionsFromJSON(publicKey);
  return JSON.stringify(await navigator.credentials.create({ publicKey: asked }));
}

/** @param {HTMLFormElement} form */
function prepare(form) {
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    const credential = form.elements.namedItem("credential");
    if (!(credential instanceof HTMLInputElement) || credential.value) return;
    event.preventDefault();
    const refused = form.querySelector("[data-passkey-refused]");
    try {
      credential.value = await keyOf(form);
      form.submit();
    } catch {
      if (refused instanceof HTMLElement) refused.hidden = false;
    }
  });
}

if ("PublicKeyCredential" in window && "parseRequestOptionsFromJSON" in PublicKeyCredential) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    if (form instanceof HTMLFormElement) prepare(form);
  }
}
