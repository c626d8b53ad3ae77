// Switches notices on and off for this browser. Every word stands in the page; this shows the part that is true here,
// [data-when="off|here|never|iphone|denied|failed"]; without it the page says that a script is needed.

const page = document.querySelector("[data-push]");
const form = page?.querySelector("form[data-when=off]");
// Where the worker looks when it has to say by itself that something changed (push-worker.js).
const BOX = "push", KEPT = "/push-kept";

function show(when) {
  for (const part of page.querySelectorAll("[data-when]")) part.hidden = part.dataset.when !== when;
}

function bytesOf(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (char) => char.charCodeAt(0));
}

async function markOf(endpoint) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(endpoint)));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("").slice(0, 32);
}

async function given() {
  const worker = await navigator.serviceWorker.getRegistration("/");
  return worker?.pushManager.getSubscription() ?? null;
}

async function subscribe(worker) {
  const wanted = { userVisibleOnly: true, applicationServerKey: bytesOf(page.dataset.key) };
  try {
    return await worker.pushManager.subscribe(wanted);
  } catch (fault) {
    // What it gave out to another key, before this place was moved, is in the way.
    const old = await worker.pushManager.getSubscription();
    if (!old) throw fault;
    await old.unsubscribe();
    return worker.pushManager.subscribe(wanted);
  }
}

async function switchOn() {
  if (await Notification.requestPermission() !== "granted") return show("denied");
  await navigator.serviceWorker.register(page.dataset.worker, { scope: "/", updateViaCache: "none" });
  const now = await subscribe(await navigator.serviceWorker.ready);
  const box = await caches.open(BOX);
  await box.put(KEPT, new Response(JSON.stringify({ key: page.dataset.key, given: now })));
  form.elements.subscription.value = JSON.stringify(now);
  form.submit();
}

// Whoever signs out in this browser, or takes it off the list, hears nothing in it any more, whatever else happens.
function switchOffFirst(other) {
  other.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      await (await given())?.unsubscribe();
      await caches.delete(BOX);
    } finally {
      other.submit();
    }
  });
}

async function begin() {
  const now = await given();
  const mark = now && await markOf(now.endpoint);
  const here = mark && page.querySelector(`[data-mark="${mark}"]`);
  if (here) {
    here.querySelector("[data-here]").hidden = false;
    switchOffFirst(here.querySelector("form"));
    return show("here");
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    switchOn().catch(() => show("failed"));
  });
  return show(Notification.permission === "denied" ? "denied" : "off");
}

const can = "serviceWorker" in navigator && "PushManager" in globalThis && "Notification" in globalThis;
if (page) {
  const onIphone = /iPhone|iPad/.test(navigator.userAgent) || (/Macintosh/.test(navigator.userAgent) && navigator.maxTouchPoints > 1);
  if (can) begin().catch(() => show("failed"));
  else show(onIphone ? "iphone" : "never");
}
if (can) document.querySelectorAll('form[data-signs-out], form[action$="/sign-out/"]').forEach(switchOffFirst);
