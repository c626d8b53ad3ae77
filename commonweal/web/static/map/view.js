// The map itself: MapLibre over one PMTiles file from this server. Loaded when somebody presses for it, never before.
import { cellFeatures } from "./cells.js";
import { palette, style } from "./style.js";

const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
let prepared = null;

function element(name, attributes) {
  return new Promise((done, failed) => {
    const one = Object.assign(document.createElement(name), attributes);
    one.addEventListener("load", done);
    one.addEventListener("error", () => failed(new Error(`can't load ${attributes.src ?? attributes.href}`)));
    document.head.append(one);
  });
}

// MapLibre, its style sheet and the tile reader, once a page. The worker comes from this server too: no blob: is needed.
function prepare(data) {
  prepared ??= Promise.all([
    import(data.maplibre),
    element("link", { rel: "stylesheet", href: data.style }),
    element("script", { src: data.pmtiles }),
  ]).then(([maplibre]) => {
    maplibre.setWorkerUrl(new URL(data.worker, location.href).href);
    maplibre.setWorkerCount(1);
    maplibre.addProtocol("pmtiles", new window.pmtiles.Protocol().tile);
    return maplibre;
  });
  return prepared;
}

function areaNames(areas) {
  const features = areas.features.map(({ properties }) => ({
    type: "Feature", properties, geometry: { type: "Point", coordinates: properties.at },
  }));
  return { type: "FeatureCollection", features };
}

function locale(words) {
  return {
    "Map.Title": words.title,
    "NavigationControl.ZoomIn": words.zoomIn,
    "NavigationControl.ZoomOut": words.zoomOut,
    "CooperativeGesturesHandler.WindowsHelpText": words.scroll,
    "CooperativeGesturesHandler.MacHelpText": words.scrollMac,
    "CooperativeGesturesHandler.MobileHelpText": words.fingers,
  };
}

// Puts the map in the picture's place. Rejects where the browser can't draw it; the picture is then still there.
export async function show(figure, picker, words) {
  const data = figure.dataset;
  const [maplibre, answer] = await Promise.all([prepare(data), fetch(data.areas)]);
  if (!answer.ok) throw new Error(`areas: ${answer.status}`);
  const areas = await answer.json();
  const cells = JSON.parse(data.cells ?? "[]");
  const content = {
    tiles: new URL(data.tiles, location.href).href, areas, borders: areas.borders, names: areaNames(areas),
    cells: cellFeatures(cells), outside: outside(areas.bbox),
  };
  const stage = figure.querySelector("[data-map-stage]");
  // The map takes the room that the picture had, so that nothing on the page jumps.
  stage.style.blockSize = `${stage.clientHeight}px`;
  const container = document.createElement("div");
  container.className = "map-canvas";
  stage.append(container);
  figure.classList.add("is-map");
  const [west, south, east, north] = areas.bbox;
  try {
    const map = new maplibre.Map({
      container, style: style(content, palette()), locale: locale(words), attributionControl: false,
      bounds: chosenBounds(areas, picker.area) ?? [[west, south], [east, north]], fitBoundsOptions: { padding: 8 },
      maxBounds: roomy(west, south, east, north), maxZoom: 17.5, minZoom: 8,
      cooperativeGestures: true, dragRotate: false, pitchWithRotate: false, touchPitch: false, rollEnabled: false,
      fadeDuration: isStill ? 0 : 200,
    });
    map.touchZoomRotate.disableRotation();
    map.keyboard.disableRotation();
    map.addControl(new maplibre.NavigationControl({ showCompass: false }), "top-right");
    await new Promise((done, failed) => {
      map.once("load", done);
      map.once("error", ({ error }) => failed(error));
    });
    follow(map, picker, content, cells, areas);
    if (picker.isPicking) pick(map, picker, stage);
    map.getCanvas().focus({ preventScroll: true });
    return map;
  } catch (trouble) {
    container.remove();
    stage.style.blockSize = "";
    throw trouble;
  }
}

// What lies beyond the extract's edge is covered: stubs of streets would pretend that the town ends there.
function outside([west, south, east, north]) {
  const world = [[-180, -85], [180, -85], [180, 85], [-180, 85], [-180, -85]];
  const hole = [[west, south], [west, north], [east, north], [east, south], [west, south]];
  return { type: "Polygon", coordinates: [world, hole] };
}

// An area that is chosen already is where the map opens.
function chosenBounds(areas, slug) {
  const chosen = areas.features.find(({ properties }) => properties.slug === slug);
  if (!chosen) return null;
  const points = chosen.geometry.coordinates.flat(2);
  const [lons, lats] = [points.map(([lon]) => lon), points.map(([, lat]) => lat)];
  return [[Math.min(...lons), Math.min(...lats)], [Math.max(...lons), Math.max(...lats)]];
}

// Room around the areas for any shape of window; the rest of the world is not in the tiles.
function roomy(west, south, east, north) {
  const room = Math.max(east - west, 1.5 * (north - south));
  return [[west - room, Math.max(-85, south - room)], [east + room, Math.min(85, north + room)]];
}

// The map shows what the form has chosen, and the page's colours when they change.
function follow(map, picker, content, cells, areas) {
  const paint = () => {
    for (const { properties } of areas.features) {
      map.setFeatureState({ source: "areas", id: properties.slug }, { chosen: properties.slug === picker.area });
    }
    const { cell } = picker;
    map.getSource("cells").setData(cellFeatures(cell ? [...cells, [...cell, 0, 0]] : cells));
  };
  paint();
  picker.addEventListener("change", ({ detail }) => {
    paint();
    const bounds = detail.isOnMap ? null : chosenBounds(areas, picker.area);
    if (bounds) map.fitBounds(bounds, { padding: 24, animate: !isStill });
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    map.setStyle(style(content, palette()), { diff: false });
    map.once("styledata", paint);
  });
}

// A press on the map, or Enter over its middle, chooses the area there and the square.
function pick(map, picker, stage) {
  const cross = document.createElement("span");
  cross.className = "map-cross";
  cross.setAttribute("aria-hidden", "true");
  stage.append(cross);
  const at = (point) => {
    const [area] = map.queryRenderedFeatures(point, { layers: ["area-fill"] });
    const { lng, lat } = map.unproject(point);
    if (area) picker.choose(area.properties.slug, area.properties.name, [lng, lat]);
    else picker.say(picker.words.nowhere, { visibly: true });
  };
  map.on("click", ({ point }) => at(point));
  map.getCanvas().addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    at(map.project(map.getCenter()));
  });
  map.getCanvas().style.cursor = "pointer";
}
