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

// Moments in words stay true while the page is open, by the rules of times.py and in its words (body[data-moments]).
const MINUTE = 60_000;
const words = (document.body.dataset.moments ?? "").split("|");

function span(minutes) {
  const [pattern, count] = minutes < 60 ? [words[0], minutes] : [words[1], Math.floor(minutes / 60)];
  return pattern.replace("%(count)s", count);
}

function keepTrue(time) {
  const away = Date.parse(time.dateTime) - Date.now();
  const minutes = Math.floor(Math.abs(away) / MINUTE);
  if (Number.isNaN(minutes) || minutes >= 2880) return; // days don't pass while one looks
  const isLate = time.dataset.kept === "due" && away < 0 && minutes > 0;
  const pattern = minutes === 0 ? words[2] : away > 0 ? words[3] : isLate ? words[5] : words[4];
  time.textContent = pattern.replace("%(span)s", span(minutes));
  time.classList.toggle("late", isLate);
}

if (words.length === 6) setInterval(() => document.querySelectorAll("time[data-kept]").forEach(keepTrue), MINUTE);
