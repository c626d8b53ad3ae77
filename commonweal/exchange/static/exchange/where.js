// While a street is typed, what is found for it appears. htmx comes only when somebody goes to that field; without any
// script the button beside it does the same.
const section = document.querySelector("[data-htmx]");

section?.addEventListener("focusin", () => {
  const script = document.createElement("script");
  script.src = section.dataset.htmx;
  script.addEventListener("load", () => window.htmx.process(section));
  document.head.append(script);
}, { once: true });
