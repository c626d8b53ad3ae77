// Keeps what is being typed into a form[data-draft="name"] in this tab, so that a lost connection or a slip of the finger costs
// nothing. Never kept: how to reach somebody, where they live, passwords, codes, hidden fields. It goes when the tab closes,
// after two hours, or once a page says <… data-draft-done="name">.

const PRIVATE = /^(name|nickname|username|email|tel|street-address|address|postal-code|one-time-code|current-password|new-password|off)/;
const KEPT_FOR = 2 * 3_600_000;
const key = (name) => `draft:${name}`;

function mayKeep(input) {
  return input.name && !/^(hidden|password|file|email|tel|submit)$/.test(input.type)
    && !PRIVATE.test(input.autocomplete) && !input.closest("[data-private]");
}

function read(form) {
  return [...form.elements].filter(mayKeep)
    .map((input) => [input.name, input.value, /^(checkbox|radio)$/.test(input.type) ? input.checked : null]);
}

function write(form, saved) {
  for (const input of [...form.elements].filter(mayKeep)) {
    const isTick = /^(checkbox|radio)$/.test(input.type);
    const found = saved.find(([name, value]) => name === input.name && (!isTick || value === input.value));
    if (!found) continue;
    if (isTick) input.checked = found[2];
    else if (input.value === (input.defaultValue ?? input.value)) input.value = found[1];
  }
}

for (const done of document.querySelectorAll("[data-draft-done]")) sessionStorage.removeItem(key(done.dataset.draftDone));

for (const form of document.querySelectorAll("form[data-draft]")) {
  const name = key(form.dataset.draft);
  const saved = JSON.parse(sessionStorage.getItem(name) ?? "null");
  // A form that came back with errors holds what was typed already.
  if (saved && Date.now() - saved.at < KEPT_FOR && !form.querySelector("[aria-invalid]")) write(form, saved.fields);
  form.addEventListener("input", () => sessionStorage.setItem(name, JSON.stringify({ at: Date.now(), fields: read(form) })));
}
