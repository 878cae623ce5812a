// Pictures of every page of the demo, as everybody, in both sizes and languages, in light and in dark.
//
//     node browser/screenshots.mjs --relais target/release/relais [--out target/screenshots] [--scale 0.1]
//         [--only employee,admin] [--languages en] [--readme docs/screenshots]
//
// Fills a demo of its own in a folder that goes away again. <out>/<role>/<page>.<language>.<size>.<scheme>.png, and
// <out>/index.html with all of them. --readme draws those of the README instead.

import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { crawl } from "./crawl.mjs";
import { LANGUAGES, SIZES, each, launch, open } from "./launch.mjs";
import { everybody } from "./people.mjs";
import { README, shrink } from "./readme.mjs";
import { links, strange } from "./strange.mjs";

const { values: asked } = parseArgs({
  options: {
    relais: { type: "string", default: "target/release/relais" },
    out: { type: "string", default: "target/screenshots" },
    scale: { type: "string", default: "0.1" },
    only: { type: "string" },
    languages: { type: "string", default: Object.keys(LANGUAGES).join() },
    readme: { type: "string" },
  },
});

const folder = mkdtempSync(join(tmpdir(), "relais-screenshots-"));
const [portal, redirect] = [await freePort(), await freePort()];
const given = {
  relais: asked.relais,
  portal: `http://localhost:${portal}`,
  redirect: `http://localhost:${redirect}`,
  env: {
    RELAIS_DATA_DIR: folder,
    RELAIS_CLICKHOUSE__EMBEDDED__HTTP_PORT: "0",
    RELAIS_PORTAL__LISTEN: `127.0.0.1:${portal}`,
    RELAIS_PORTAL__BASE_URL: `http://localhost:${portal}`,
    RELAIS_REDIRECT__LISTEN: `127.0.0.1:${redirect}`,
    RELAIS_REDIRECT__BASE_URL: `http://localhost:${redirect}`,
    RELAIS_OPS__LISTEN: "127.0.0.1:0",
  },
};
const demo = spawn(asked.relais, ["demo", "--scale", asked.scale], { env: { ...process.env, ...given.env }, stdio: ["ignore", "pipe", "ignore"] });
const browser = await launch();
try {
  await ready(demo);
  const people = await everybody(given, browser);
  await (asked.readme ? readme(people) : all(people));
} finally {
  await browser.close();
  demo.kill();
  await new Promise((resolve) => demo.once("exit", resolve));
  rmSync(folder, { recursive: true });
}

function freePort() {
  const server = createServer();
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

async function ready(process_) {
  for await (const line of createInterface({ input: process_.stdout })) if (line === "ready") return;
  throw new Error("the demo ended before it was ready");
}

async function all(people) {
  const roles = new Set(["stranger", ...people.map(({ role }) => role)]);
  const only = asked.only?.split(",") ?? [...roles];
  const nobody = only.filter((role) => !roles.has(role));
  if (nobody.length > 0) throw new Error(`--only: nobody is ${nobody.join(" or ")}; there are ${[...roles].join(", ")}`);
  const jobs = [];
  for (const language of asked.languages.split(",")) {
    for (const size of Object.keys(SIZES)) {
      for (const person of [{ role: "stranger" }, ...people]) if (only.includes(person.role)) jobs.push({ person, language, size });
    }
  }
  const drawn = [];
  const some = only.includes("stranger") ? await links(given) : null;
  const employee = people.find(({ role }) => role === "employee");
  await each(jobs, async ({ person: { role, state }, language, size }) => {
    const draw = async (page, kind) => {
      for (const scheme of ["light", "dark"]) {
        await page.emulateMedia({ colorScheme: scheme });
        const name = `${role}/${fileName(kind)}.${language}.${size}.${scheme}.png`;
        await whole(page, join(asked.out, name));
        drawn.push(name);
      }
    };
    mkdirSync(join(asked.out, role), { recursive: true });
    const visit = async (state, work) => {
      const context = await open(browser, { language, size, state });
      await work(await context.newPage());
      await context.close();
    };
    if (state) {
      await visit(state, (page) => crawl(page, given.portal, (kind) => draw(page, kind)));
    } else {
      for (const { name, address, state } of strange(given, some, employee.state)) {
        await visit(state, (page) => page.goto(address).then(() => draw(page, name)));
      }
    }
    console.log(`${role} ${language} ${size}`);
  });
  writeFileSync(join(asked.out, "index.html"), index(drawn.sort()));
  console.log(`${drawn.length} pictures in ${asked.out}/index.html`);
}

/** A picture of a whole page, in a window as high: what stays at a window's edge would hide the middle otherwise. */
async function whole(page, path) {
  const window_ = page.viewportSize();
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ width: window_.width, height: Math.max(window_.height, height) });
  await page.screenshot({ path });
  await page.setViewportSize(window_);
}

function fileName(kind) {
  const name = kind.replace(/^\//, "").replaceAll("{}", "one").replace(/[^A-Za-z0-9]+/g, "-").replace(/-$/, "");
  return name || "home";
}

function index(names) {
  const figure = (name) => `<a href="${name}"><figure><img src="${name}" loading="lazy" alt=""><figcaption>${name}</figcaption></figure></a>`;
  return `<!doctype html><meta charset="utf-8"><title>Relais, every page</title>
<style>body{font:14px sans-serif;margin:1rem;display:grid;gap:1rem;grid-template-columns:repeat(auto-fill,minmax(16rem,1fr))}
figure{margin:0}img{width:100%;height:20rem;object-fit:cover;object-position:top;border:1px solid #ccc}</style>
${names.map(figure).join("\n")}
`;
}

/** The pictures of the README: what is seen without scrolling, in few colours. */
async function readme(people) {
  mkdirSync(asked.readme, { recursive: true });
  for (const { name, role, size, go } of README) {
    const context = await open(browser, { size, state: people.find((one) => one.role === role).state });
    const page = await context.newPage();
    await page.goto(given.portal);
    await go(page);
    await page.waitForLoadState("networkidle");
    writeFileSync(join(asked.readme, `${name}.png`), await shrink(browser, await page.screenshot()));
    await context.close();
  }
}
