// Keeps the words under each slider in step with it: what it counts, and the way that this is worth at the present price of a way.
// Without script the scale under the slider says its value, and the line above it what is in force.

const form = document.querySelector("form[data-sliders]");
const [nothing, points, withWay] = form.dataset.sliders.split("|");
const language = document.documentElement.lang || "en";
const format = (unit, digits) => new Intl.NumberFormat(language, {
  style: "unit", unit, unitDisplay: "short", maximumFractionDigits: digits,
});
const metres = format("meter", 0);
const kilometres = format("kilometer", 1);
const price = form.elements.per_100_m;

function wayOf(value) {
  const way = Math.floor((value * 100) / Number(price.value));
  return way < 1000 ? metres.format(way) : kilometres.format(way / 1000);
}

function wordsOf(slider) {
  const value = Number(slider.value);
  if (value === 0) return nothing;
  const pattern = "plain" in slider.dataset || Number(price.value) === 0 ? points : withWay;
  return pattern.replace("%(points)s", value).replace("%(way)s", () => wayOf(value));
}

function keep() {
  for (const output of form.querySelectorAll("output[data-slider]")) {
    const slider = document.getElementById(output.htmlFor.value);
    output.hidden = false;
    output.textContent = wordsOf(slider);
    slider.setAttribute("aria-valuetext", output.textContent);
    slider.classList.toggle("moved", slider.value !== slider.defaultValue);
  }
}

form.addEventListener("input", (event) => event.target.type === "range" && keep());
window.addEventListener("pageshow", keep);
keep();
