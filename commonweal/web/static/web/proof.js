// Does the small piece of work that a form asks for when a lot comes in, while the form is being filled in. Without a
// script one waits for half a minute instead, and an ask is never refused for it.
for (const field of document.querySelectorAll("input[data-proof]")) {
  const form = field.form;
  const mark = form.elements.stamp.value.split(":").at(-1);
  const worker = new Worker(field.dataset.worker);
  let pressed = null;
  worker.addEventListener("message", ({ data }) => {
    field.value = data;
    worker.terminate();
    if (pressed) form.requestSubmit(pressed.button);
  });
  worker.postMessage({ mark, bits: Number(field.dataset.proof) });
  // Whoever is faster than the work waits for its end; their press counts then.
  form.addEventListener("submit", (event) => {
    if (field.value) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    pressed = { button: event.submitter };
    event.submitter?.setAttribute("aria-busy", "true");
  }, { capture: true });
}
