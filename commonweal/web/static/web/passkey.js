// Passkeys: asks the browser for what the server wants, and sends what it answers as an ordinary form. Without this script
// the code by mail or text is the way in.
//
// form[data-passkey="add" | "get"] has data-begin (where the wanted is asked for), the words data-refused, and a field "answer".
// It is hidden until it is of use, and what stands in [data-without] is said until then. data-offer names a field in which
// keys are offered while one types.

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (char) => char.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
  .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
let waiting = null; // what is being asked of the browser: only one thing at a time can be

function readable(wanted) {
  wanted.challenge = bytes(wanted.challenge);
  if (wanted.user) wanted.user.id = bytes(wanted.user.id);
  for (const key of wanted.excludeCredentials ?? []) key.id = bytes(key.id);
  return wanted;
}

function writable(made) {
  const response = { clientDataJSON: text(made.response.clientDataJSON) };
  for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (made.response[part]) response[part] = text(made.response[part]);
  }
  return JSON.stringify({ id: made.id, rawId: text(made.rawId), type: made.type, response, clientExtensionResults: {} });
}

async function ask(form, mediation) {
  waiting?.abort();
  const mine = (waiting = new AbortController());
  const answer = await fetch(form.dataset.begin, {
    method: "POST", headers: { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value }, signal: mine.signal,
  });
  if (!answer.ok) throw new Error("refused");
  const options = { publicKey: readable(await answer.json()), signal: mine.signal };
  if (mediation) options.mediation = mediation;
  const made = await navigator.credentials[form.dataset.passkey === "add" ? "create" : "get"](options);
  form.elements.answer.value = writable(made);
  form.submit();
}

function arm(form) {
  const says = form.querySelector("[data-says]");
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    says.textContent = "";
    ask(form).catch(() => { says.textContent = form.dataset.refused; });
  });
}

async function offer(form) {
  const field = document.getElementById(form.dataset.offer ?? "");
  if (!field || !(await PublicKeyCredential.isConditionalMediationAvailable?.())) return;
  // Only once somebody is about to say who they are: until then the page asks for nothing and leaves no cookie.
  field.addEventListener("focus", () => { if (!waiting) ask(form, "conditional").catch(() => {}); }, { once: true });
}

if (window.PublicKeyCredential) {
  for (const words of document.querySelectorAll("[data-without]")) words.hidden = true;
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    arm(form);
    if (form.dataset.passkey === "get") offer(form);
  }
}
