#!/bin/sh
# protomaps-leaflet 5.1.0: a tile set whose closest zoom is 0 (an overview of one tile) is taken for one whose closest
# zoom is 15: `maxDataZoom: 0` counts as not given. The layer then asks for tiles that the set does not have, and the
# map stays empty without an error; `maxDataZoom: 1` is heeded.
# What we do: gateway/console/base_map.py refuses such a file in words, and tells the layer the closest zoom of others.
# Fails if that has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --no-save --prefix "$folder" protomaps-leaflet@5.1.0 >/dev/null
cat > asked.mjs <<'JAVASCRIPT'
import { readFileSync } from "node:fs";
import { sourcesToViews } from "protomaps-leaflet";

const { version } = JSON.parse(readFileSync("node_modules/protomaps-leaflet/package.json", "utf8"));
const asked = (closest) => {
  const view = sourcesToViews({ url: "https://tiles.invalid/{z}/{x}/{y}.mvt", maxDataZoom: closest }).get("");
  return view.dataTileForDisplayTile({ z: 6, x: 0, y: 0 }).dataTile.z;
};
const seen = Object.fromEntries([0, 1, 2, 15].map((closest) => [closest, asked(closest)]));
console.log(`protomaps-leaflet ${version}: on zoom 6 a set whose closest zoom is N is asked for zoom`, seen);
if (seen[0] === 0 || seen[0] !== seen[15] || seen[1] !== 1) {
  console.log("the behaviour has changed");
  process.exit(1);
}
JAVASCRIPT
node asked.mjs
