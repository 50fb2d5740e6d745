// Passkeys: a button of class "passkey" asks the server for options, the device for an answer, and sends it as a form.
// Pages without this script, and browsers without passkeys, keep the password.
const bytes = (text: string): ArrayBuffer => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), c => c.charCodeAt(0)).buffer;
const text = (buffer: ArrayBuffer): string => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

type Descriptor = { id: string; type: "public-key"; transports?: AuthenticatorTransport[] };
const descriptors = (list: Descriptor[] | undefined) => (list ?? []).map(d => ({ ...d, id: bytes(d.id) }));

async function create(options: any): Promise<object> {
  const made = await navigator.credentials.create({
    publicKey: { ...options, challenge: bytes(options.challenge), user: { ...options.user, id: bytes(options.user.id) }, excludeCredentials: descriptors(options.excludeCredentials) },
  }) as PublicKeyCredential;
  const response = made.response as AuthenticatorAttestationResponse;
  return {
    id: made.id, rawId: text(made.rawId), type: made.type, authenticatorAttachment: made.authenticatorAttachment, clientExtensionResults: made.getClientExtensionResults(),
    response: { attestationObject: text(response.attestationObject), clientDataJSON: text(response.clientDataJSON), transports: response.getTransports?.() ?? [] },
  };
}

async function get(options: any): Promise<object> {
  const used = await navigator.credentials.get({
    publicKey: { ...options, challenge: bytes(options.challenge), allowCredentials: descriptors(options.allowCredentials) },
  }) as PublicKeyCredential;
  const response = used.response as AuthenticatorAssertionResponse;
  return {
    id: used.id, rawId: text(used.rawId), type: used.type, authenticatorAttachment: used.authenticatorAttachment, clientExtensionResults: used.getClientExtensionResults(),
    response: {
      authenticatorData: text(response.authenticatorData), clientDataJSON: text(response.clientDataJSON), signature: text(response.signature),
      userHandle: response.userHandle ? text(response.userHandle) : null,
    },
  };
}

async function run(form: HTMLFormElement) {
  const said = form.querySelector<HTMLElement>("[data-passkey-said]");
  const button = form.querySelector<HTMLButtonElement>("button");
  if (button) button.disabled = true;
  try {
    const answer = await fetch(form.dataset.passkeyOptions!, { method: "POST", body: new URLSearchParams(new FormData(form) as any) });
    if (!answer.ok) {
      location.href = answer.headers.get("HX-Redirect") ?? form.dataset.passkeyAgain ?? location.href;
      return;
    }

    const options = await answer.json();
    const credential = form.dataset.passkey === "create" ? await create(options) : await get(options);
    form.querySelector<HTMLInputElement>("input[name=credential]")!.value = JSON.stringify(credential);
    form.submit();
  } catch {
    // Cancelled, timed out, or no passkey here: the person may try again or use another way.
    if (said) said.hidden = false;
    if (button) button.disabled = false;
  }
}

export function startPasskeys() {
  document.querySelectorAll<HTMLFormElement>("form[data-passkey]").forEach(form => {
    if (!window.PublicKeyCredential) return;
    form.hidden = false;
    form.addEventListener("submit", event => {
      event.preventDefault();
      void run(form);
    });
  });
}
