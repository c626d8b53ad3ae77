// How the map looks: the page's own paper and ink, read from its custom properties, so that dark follows by itself.
const FONT = ["Atkinson", "system-ui"];
const BOLD = ["Atkinson SemiBold", "Atkinson", "system-ui"];

export function palette() {
  const root = getComputedStyle(document.documentElement);
  const token = (name) => root.getPropertyValue(name).trim();
  return {
    land: token("--map-land"), water: token("--map-water"), green: token("--map-green"), house: token("--map-house"),
    road: token("--map-road"), edge: token("--map-edge"), ink: token("--ink"), quiet: token("--ink-2"),
    sheet: token("--sheet"), ask: token("--ask"), offer: token("--offer"), chosen: token("--ask-wash"),
  };
}

const grows = (...stops) => ["interpolate", ["exponential", 1.5], ["zoom"], ...stops];
const CLASSES = ["path", "lane", "street", "ramp", "middle", "main", "motorway"];
const WIDTHS = {
  path: grows(14, 0.6, 18, 4), lane: grows(13, 0.6, 18, 8), street: grows(12, 0.7, 18, 18), ramp: grows(12, 0.8, 18, 14),
  middle: grows(11, 0.8, 18, 22), main: grows(10, 0.9, 18, 26), motorway: grows(9, 1, 18, 30),
};

function roads(colours) {
  const line = (id, kind, paint, more = {}) => ({
    id, type: "line", source: "tiles", "source-layer": "road", filter: ["==", ["get", "class"], kind],
    layout: { "line-cap": "round", "line-join": "round" }, paint, ...more,
  });
  const wider = (width) => ["interpolate", ["exponential", 1.5], ["zoom"], ...width.slice(3).map((one, at) => (at % 2 ? one + 1.6 : one))];
  const casings = CLASSES.filter((kind) => kind !== "path").map((kind) =>
    line(`${kind}-edge`, kind, { "line-color": colours.edge, "line-width": wider(WIDTHS[kind]), "line-opacity": ["case", ["has", "tunnel"], 0.35, 1] }, { minzoom: 12 }));
  const fills = CLASSES.map((kind) =>
    line(kind, kind, kind === "path"
      ? { "line-color": colours.edge, "line-width": WIDTHS.path, "line-dasharray": [1, 1.6] }
      : { "line-color": ["step", ["zoom"], colours.edge, 12, colours.road], "line-width": WIDTHS[kind], "line-opacity": ["case", ["has", "tunnel"], 0.35, 1] }));
  return [...casings, ...fills];
}

function ground(colours) {
  const layer = (id, type, paint, more = {}) => ({ id, type, source: "tiles", "source-layer": id, paint, ...more });
  return [
    { id: "land", type: "background", paint: { "background-color": colours.land } },
    layer("green", "fill", { "fill-color": colours.green }, { filter: ["==", ["geometry-type"], "Polygon"] }),
    { id: "area-fill", type: "fill", source: "areas", paint: { "fill-color": colours.chosen, "fill-opacity": ["case", ["boolean", ["feature-state", "chosen"], false], 0.85, 0] } },
    layer("water", "fill", { "fill-color": colours.water }, { filter: ["==", ["geometry-type"], "Polygon"] }),
    { ...layer("water", "line", { "line-color": colours.water, "line-width": grows(11, 1, 16, 6) }), id: "stream", filter: ["==", ["geometry-type"], "LineString"] },
    layer("building", "fill", { "fill-color": colours.house, "fill-opacity": grows(13.5, 0, 14.5, 1) }, { minzoom: 13.5 }),
    layer("rail", "line", { "line-color": colours.edge, "line-width": grows(12, 0.6, 17, 2), "line-dasharray": [4, 2] }),
  ];
}

function places(colours) {
  const cells = (id, type, paint, more = {}) => ({ id, type, source: "cells", paint, ...more });
  const byKind = ["match", ["get", "kind"], "offer", colours.offer, colours.ask];
  const polygon = ["==", ["geometry-type"], "Polygon"];
  return [
    { id: "area-line", type: "line", source: "borders", layout: { "line-join": "round" }, paint: { "line-color": colours.quiet, "line-opacity": 0.7, "line-width": 1.2, "line-dasharray": [2, 3] } },
    { id: "area-chosen", type: "line", source: "areas", layout: { "line-join": "round" }, paint: { "line-color": colours.ask, "line-width": 2.5, "line-opacity": ["case", ["boolean", ["feature-state", "chosen"], false], 1, 0] } },
    cells("cell-fill", "fill", { "fill-color": byKind, "fill-opacity": ["match", ["get", "kind"], "chosen", 0.2, 0.42] }, { filter: polygon }),
    cells("cell-line", "line", { "line-color": byKind, "line-width": 1.5 }, { filter: polygon }),
    { id: "outside", type: "fill", source: "outside", paint: { "fill-color": colours.sheet, "fill-antialias": false } },
  ];
}

function labels(colours, language) {
  const halo = { "text-halo-color": colours.land, "text-halo-width": 1.6 };
  return [
    {
      id: "road-name", type: "symbol", source: "tiles", "source-layer": "road", minzoom: 13, filter: ["has", "name"],
      layout: {
        "symbol-placement": "line", "text-field": ["get", "name"], "text-font": FONT, "text-max-angle": 30,
        "text-size": grows(13, 10.5, 17, 15), "symbol-spacing": 320, "text-padding": 6,
        "symbol-sort-key": ["match", ["get", "class"], "main", 0, "middle", 1, "motorway", 2, "street", 3, 4],
      },
      paint: { "text-color": colours.quiet, ...halo },
    },
    {
      id: "area-name", type: "symbol", source: "area-names",
      layout: {
        "text-field": ["get", "name"], "text-font": BOLD, "text-size": grows(10, 11, 12, 14, 15, 18), "text-max-width": 7,
        "text-padding": 3, "text-line-height": 1.1, "text-justify": "auto",
        "text-variable-anchor": ["center", "bottom", "top", "left", "right"], "text-radial-offset": 0.9,
      },
      paint: { "text-color": colours.ink, ...halo, "text-halo-width": 2 },
    },
    {
      id: "cell-count", type: "symbol", source: "cells", filter: ["all", ["==", ["geometry-type"], "Point"], ["!=", ["get", "count"], ""]],
      layout: { "text-field": ["step", ["zoom"], ["case", ["get", "half"], "", ["get", "count"]], 12.2, ["get", "count"]], "text-font": BOLD, "text-size": grows(11, 11, 15, 17), "text-allow-overlap": true },
      paint: { "text-color": colours.ink, "text-halo-color": colours.sheet, "text-halo-width": 1.8 },
    },
  ];
}

// A whole style: sources, and layers from the ground up.
export function style({ tiles, areas, borders, names, cells, outside }, colours) {
  return {
    version: 8,
    sources: {
      tiles: { type: "vector", url: `pmtiles://${tiles}` },
      areas: { type: "geojson", data: areas, promoteId: "slug" },
      borders: { type: "geojson", data: borders },
      outside: { type: "geojson", data: outside },
      "area-names": { type: "geojson", data: names },
      cells: { type: "geojson", data: cells },
    },
    layers: [...ground(colours), ...roads(colours), ...places(colours), ...labels(colours)],
  };
}
