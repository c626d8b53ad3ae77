// The picture of the areas becomes a picker, and on a press the map that is loaded only then.
// Without this script the picture stays a picture, its areas are links, and the list beside it does the same.
import { Picker } from "./picker.js";

for (const figure of document.querySelectorAll("figure[data-map]")) start(figure);

function start(figure) {
  const words = JSON.parse(figure.dataset.words);
  const picker = new Picker(figure, words);
  const open = figure.querySelector("[data-map-open]");
  if (!figure.dataset.tiles || !open) return;
  open.hidden = false;
  open.addEventListener("click", async () => {
    open.setAttribute("aria-busy", "true");
    open.disabled = true;
    try {
      const { show } = await import("./view.js");
      await show(figure, picker, words);
      open.hidden = true;
      picker.say(picker.isPicking ? `${words.ready} ${words.pick}` : words.ready);
    } catch (trouble) {
      console.warn(trouble);
      figure.classList.remove("is-map");
      open.hidden = true;
      picker.say(words.failed, { visibly: true });
    }
  });
}
