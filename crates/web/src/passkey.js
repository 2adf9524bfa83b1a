// Passkeys: a form carries what the device is asked, and posts its answer. Without scripts it stays hidden.
for (const form of document.querySelectorAll("form.passkey")) {
  if (!window.PublicKeyCredential) { break; }
  form.hidden = false;
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const known = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));
  const create = async (ask) => {
    const user = { ...ask.user, id: bytes(ask.user.id) };
    const publicKey = { ...ask, user, challenge: bytes(ask.challenge), excludeCredentials: known(ask.excludeCredentials) };
    const made = await navigator.credentials.create({ publicKey });
    const { response } = made;
    return { id: made.id, authenticatorData: text(response.getAuthenticatorData()), clientDataJSON: text(response.clientDataJSON), publicKey: text(response.getPublicKey()), algorithm: response.getPublicKeyAlgorithm() };
  };
  const show = async (ask) => {
    const publicKey = { ...ask, challenge: bytes(ask.challenge), allowCredentials: known(ask.allowCredentials) };
    const { id, response } = await navigator.credentials.get({ publicKey });
    return { id, authenticatorData: text(response.authenticatorData), signature: text(response.signature), clientDataJSON: text(response.clientDataJSON) };
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const failed = form.querySelector(".failed");
    failed.hidden = true;
    try {
      const ask = JSON.parse(form.dataset.ask);
      form.elements.answer.value = JSON.stringify(await (ask.user ? create(ask) : show(ask)));
      form.submit();
    } catch (error) {
      delete form.dataset.sent;
      failed.hidden = false;
    }
  });
}
