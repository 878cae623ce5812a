// Draws the dashboards from a running Relais, those of operations when there is a Prometheus too:
//
//     node dashboards/render/draw.mjs --url http://127.0.0.1:8123 --password-file data/clickhouse/reader-password
//
// --prometheus http://127.0.0.1:9091,
// --space its id (default: the one with most shares), --to the end of the period (seconds since 1970; default: now),
// --only marketing/programme, --out target/dashboards, --user relais_reader, --chromium its path.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { build } from "esbuild";
import { chromium } from "playwright-core";

import { expand, metrics, period, rows } from "./ask.mjs";

const OPERATIONS = ["operations/redirects", "operations/delivery"];
const NAMES = ["marketing/programme", "marketing/content", "marketing/advocates", "marketing/video", "recruiting/referrals"];
const here = dirname(fileURLToPath(import.meta.url));
const { values: given } = parseArgs({
  options: {
    url: { type: "string", default: "http://127.0.0.1:8123" },
    user: { type: "string", default: "relais_reader" },
    "password-file": { type: "string", default: "data/clickhouse/reader-password" },
    space: { type: "string" },
    to: { type: "string", default: String(Math.floor(Date.now() / 1000)) },
    prometheus: { type: "string" },
    only: { type: "string", multiple: true },
    out: { type: "string", default: "target/dashboards" },
    chromium: { type: "string", default: "/usr/bin/chromium" },
  },
});
const access = { url: given.url, user: given.user, password: readFileSync(given["password-file"], "utf8").trim() };

async function space() {
  if (given.space) return given.space;
  const [ids] = await rows("SELECT space_id FROM kpi_spaces ORDER BY name LIMIT 200", access);
  const counts = await Promise.all(ids.values.map(async (id) => {
    const [count] = await rows(`SELECT count() FROM kpi_contents(space = '${id}')`, access);
    return [count.values[0], id];
  }));
  return counts.sort((a, b) => b[0] - a[0])[0]?.[1] ?? "";
}

const scratch = mkdtempSync(join(tmpdir(), "relais-dashboards-"));
try {
  await build({
    entryPoints: [join(here, "page.jsx")],
    outfile: join(scratch, "page.js"),
    bundle: true,
    format: "iife",
    jsx: "automatic",
    define: { "process.env.NODE_ENV": '"production"', "process.env": "{}", global: "window" },
    loader: { ".svg": "dataurl", ".png": "dataurl", ".ttf": "dataurl", ".woff": "dataurl", ".woff2": "dataurl" },
    logLevel: "error",
  });
  const chosen = given.only?.every((name) => OPERATIONS.includes(name)) ? "" : await space();
  const browser = await chromium.launch({ executablePath: given.chromium, args: ["--no-sandbox", "--disable-gpu"] });
  let failed = 0;
  for (const name of given.only ?? [...NAMES, ...(given.prometheus ? OPERATIONS : [])]) {
    const dashboard = JSON.parse(readFileSync(join(here, "..", `${name}.json`), "utf8"));
    const range = period(dashboard.time, Number(given.to));
    const values = { space: chosen };
    for (const variable of dashboard.templating.list.filter(({ type }) => type === "textbox")) values[variable.name] = variable.query;
    const answers = {};
    for (const panel of dashboard.panels.filter(({ type }) => type !== "row")) {
      const ask = (target) => (target.expr ? metrics(target, range, given.prometheus) : rows(expand(target.rawSql, range, values), access));
      answers[panel.id] = await Promise.all(panel.targets.map(ask));
    }
    const shown = JSON.stringify({ dashboard, answers, range }).replaceAll("</", "<\\/");
    const html = join(scratch, "page.html");
    writeFileSync(html, `<!doctype html><meta charset="utf-8"><link rel="stylesheet" href="page.css"><style>*{box-sizing:border-box}body{margin:0}</style><div id="page"></div><div id="portal"></div><script>window.DASHBOARD=${shown}</script><script src="page.js"></script>`);
    const page = await browser.newPage({ viewport: { width: 1600, height: 2600 }, timezoneId: "Europe/Paris" });
    const said = [];
    page.on("pageerror", (error) => said.push(error.stack ?? String(error)));
    await page.goto(`file://${html}`);
    const drawn = dashboard.panels.filter(({ type }) => type !== "row").length;
    await page.waitForFunction((count) => document.querySelectorAll("[data-panel]").length === count, drawn, { timeout: 30_000 });
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 300)))));
    const wrong = [...said, ...(await page.evaluate(() => window.FAILED))];
    const file = join(given.out, `${name.replace("/", "-")}.png`);
    mkdirSync(dirname(file), { recursive: true });
    await page.locator("#page > div").screenshot({ path: file });
    await page.close();
    console.log(`${file}: ${drawn} panels${wrong.length ? ", " + wrong.length + " failed" : ""}`);
    wrong.forEach((what) => console.error(what.split("\n").slice(0, 4).join("\n")));
    failed += wrong.length;
  }
  await browser.close();
  process.exitCode = failed ? 1 : 0;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
