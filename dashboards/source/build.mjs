// Writes the dashboards' JSON from their source in this folder, or says with --check whether it is up to date.
//
//     node dashboards/source/build.mjs [--check]

import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const NAMES = [
  "marketing/programme",
  "marketing/content",
  "marketing/advocates",
  "marketing/video",
  "recruiting/referrals",
  "operations/redirects",
  "operations/delivery",
];

const check = process.argv.includes("--check");
let stale = 0;
for (const name of NAMES) {
  const { default: dashboard } = await import(`./${name}.mjs`);
  const text = JSON.stringify(dashboard, null, 2) + "\n";
  const file = fileURLToPath(new URL(`../${name}.json`, import.meta.url));
  if (!check) {
    writeFileSync(file, text);
  } else if (readFileSync(file, "utf8") !== text) {
    console.error(`dashboards/${name}.json is not what its source says: node dashboards/source/build.mjs`);
    stale += 1;
  }
}
process.exit(stale ? 1 : 0);
