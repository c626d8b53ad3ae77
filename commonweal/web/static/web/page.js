// What every page may do better with a script. Each page is whole without it.

// A second press of a button does nothing: the first one is on its way.
addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.pressed) {
    event.preventDefault();
    return;
  }
  form.dataset.pressed = "yes";
  // Later than this event, so that the pressed button's own name and value are still sent.
  setTimeout(() => {
    for (const button of form.querySelectorAll("button")) button.disabled = true;
    event.submitter?.setAttribute("aria-busy", "true");
  });
});

// Coming back to a page from the browser's history: its buttons work again.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-pressed]")) {
    delete form.dataset.pressed;
    for (const button of form.querySelectorAll("button")) {
      button.disabled = false;
      button.removeAttribute("aria-busy");
    }
  }
});

// Moments in words stay true while the page is open (the rules are those of times.py). The server's words are kept as
// the pattern: only where the number in them changed is the text written anew, in the page's language.
const MINUTE = 60_000;
const units = [["day", 1440, 2880], ["hour", 60, 60], ["minute", 1, 0]];

function inWords(at) {
  const minutes = (at - Date.now()) / MINUTE;
  const [unit, size] = units.find(([, , least]) => Math.abs(minutes) >= least);
  const words = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "always", style: "short" });
  return words.format(Math.trunc(minutes / size), unit);
}

setInterval(() => {
  for (const time of document.querySelectorAll("time[data-kept=from-now]")) time.textContent = inWords(Date.parse(time.dateTime));
}, MINUTE);
