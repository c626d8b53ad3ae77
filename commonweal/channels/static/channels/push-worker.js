// What a browser keeps of this place while no page of it is open: it shows a notice, opens the page that it leads to,
// and says when what it gave out has changed. It stores and fetches nothing else.

const ICON = "/static/web/icon-192.png";
// Where the pages leave what this browser gave out (channels/push.js): the name of the box, and of the one thing in it.
const BOX = "push", KEPT = "/push-kept";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

function read(data) {
  try {
    return data.json();
  } catch {
    return {};
  }
}

// A path of this place, whatever is said.
function pathOf(said) {
  const url = new URL(typeof said === "string" ? said : "/", self.location.origin);
  return url.origin === self.location.origin ? url.pathname + url.search : "/";
}

self.addEventListener("push", (event) => {
  const said = event.data ? read(event.data) : {};
  event.waitUntil(self.registration.showNotification(said.title || self.location.hostname, {
    body: said.text || "",
    lang: said.language || "",
    tag: said.tag || "",
    icon: ICON,
    data: { path: pathOf(said.path) },
  }));
});

async function open(path) {
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const there = pages.find((page) => pathOf(page.url) === path);
  return there ? there.focus() : self.clients.openWindow(path);
}

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data?.path ?? "/"));
});

async function renew(event) {
  const box = await caches.open(BOX);
  const kept = await (await box.match(KEPT))?.json();
  const before = event.oldSubscription?.toJSON() ?? kept?.given;
  if (!kept || !before) return;
  const after = event.newSubscription
    ?? await self.registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: kept.key });
  const answer = await fetch("/push/renewed/", {
    method: "POST",
    credentials: "omit",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ before, after }),
  });
  if (answer.ok) await box.put(KEPT, new Response(JSON.stringify({ ...kept, given: after })));
}

self.addEventListener("pushsubscriptionchange", (event) => event.waitUntil(renew(event)));
