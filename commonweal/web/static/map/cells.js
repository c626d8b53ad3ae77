// The grid of coarse cells, as in commonweal/algorithms/places.py: 1/400 of a degree high, 1/320 wide.
const ROWS = 400;
const COLUMNS = 320;

export function cellOf(lat, lon) {
  return [Math.floor(lat * ROWS), Math.floor(lon * COLUMNS)];
}

function square(south, west, north, east) {
  return { type: "Polygon", coordinates: [[[west, south], [east, south], [east, north], [west, north], [west, south]]] };
}

function feature(geometry, kind, count, half = false) {
  const [west, south] = geometry.coordinates[0][0];
  const [east, north] = geometry.coordinates[0][2];
  return [
    { type: "Feature", properties: { kind }, geometry },
    {
      type: "Feature",
      properties: { kind, half, count: count ? String(count) : "" },
      geometry: { type: "Point", coordinates: [(west + east) / 2, (south + north) / 2] },
    },
  ];
}

// One square a cell; where it holds asks and offers, half a square for each.
export function cellFeatures(cells) {
  const features = cells.flatMap(([y, x, asks, offers]) => {
    const [south, north, west, east] = [y / ROWS, (y + 1) / ROWS, x / COLUMNS, (x + 1) / COLUMNS];
    if (asks && offers) {
      const middle = (west + east) / 2;
      return [
        ...feature(square(south, west, north, middle), "ask", asks, true),
        ...feature(square(south, middle, north, east), "offer", offers, true),
      ];
    }
    const kind = asks ? "ask" : offers ? "offer" : "chosen";
    return feature(square(south, west, north, east), kind, asks || offers);
  });
  return { type: "FeatureCollection", features };
}
