// What is chosen, in one place: the form's list of areas, the hidden cell, the picture and the map follow one another.
import { cellOf } from "./cells.js";

export class Picker extends EventTarget {
  // The point that is being chosen just now, while the list tells everybody of its change.
  #point = null;

  constructor(figure, words) {
    super();
    this.words = words;
    this.said = figure.querySelector("[data-map-said]");
    this.picture = figure.querySelector(".areas");
    this.list = document.getElementById(figure.dataset.picker ?? "");
    this.field = document.getElementById(figure.dataset.cell ?? "");
    this.isPicking = Boolean(this.list || this.field);
    if (!this.isPicking) return;
    this.picture?.addEventListener("click", (event) => this.#press(event));
    this.list?.addEventListener("change", () => this.#changed());
    this.#follow();
  }

  // The slug of the area that the list stands on.
  get area() {
    const option = this.list?.selectedOptions?.[0];
    return option ? (option.dataset.area ?? option.value) : "";
  }

  get cell() {
    const [y, x] = (this.field?.value ?? "").split(",").map(Number);
    return Number.isInteger(y) && Number.isInteger(x) && this.field.value ? [y, x] : null;
  }

  // An area was pointed at, and perhaps a point in it ([lon, lat]).
  choose(slug, name, point) {
    const option = [...(this.list?.options ?? [])].find((one) => (one.dataset.area ?? one.value) === slug);
    if (this.list && !option) {
      this.say(this.words.nowhere);
      return;
    }
    this.#point = point;
    if (option) {
      option.selected = true;
      this.list.dispatchEvent(new Event("change", { bubbles: true }));
    } else {
      this.#changed();
    }
    this.#point = null;
    this.say(this.words.chosen.replace("{area}", name));
  }

  say(text, { visibly = false } = {}) {
    this.said.classList.toggle("unseen", !visibly);
    this.said.textContent = text;
  }

  #press(event) {
    const one = event.target.closest("[data-area]");
    if (!one || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.choose(one.dataset.area, one.querySelector("title").textContent, null);
  }

  // The square belongs to the point that was pressed: another area from the list has none.
  #changed() {
    const point = this.#point;
    if (this.field) this.field.value = point ? cellOf(point[1], point[0]).join(",") : "";
    this.#follow();
    this.dispatchEvent(new CustomEvent("change", { detail: { isOnMap: Boolean(point) } }));
  }

  #follow() {
    const { area } = this;
    for (const one of this.picture?.querySelectorAll("[data-area]") ?? []) {
      const isChosen = one.dataset.area === area;
      one.classList.toggle("is-chosen", isChosen);
      if (isChosen) one.setAttribute("aria-current", "true");
      else one.removeAttribute("aria-current");
    }
    const path = this.picture?.querySelector(".is-chosen path");
    this.picture?.querySelector(".areas-chosen")?.setAttribute("d", path?.getAttribute("d") ?? "");
  }
}
