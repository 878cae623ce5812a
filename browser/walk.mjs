// Walks every page of the demo as everybody, in both languages, on a phone and on a desktop.
//
// Reads from standard input: {"portal", "redirect", "relais", "env"}.

import { readFileSync } from "node:fs";
import { crawl } from "./crawl.mjs";
import { LANGUAGES, SIZES, each, launch, open } from "./launch.mjs";
import { everybody } from "./people.mjs";
import { links, strange } from "./strange.mjs";
import { Findings, hold, listen } from "./watch.mjs";

/** What the first page may weigh on the wire, in bytes. */
const MOST_BYTES = 150_000;

const given = JSON.parse(readFileSync(0, "utf8"));
const findings = new Findings();
const browser = await launch();
try {
  const people = await everybody(given, browser);
  const some = await links(given);
  const jobs = [];
  for (const language of Object.keys(LANGUAGES)) {
    for (const size of Object.keys(SIZES)) {
      jobs.push(...people.map((person) => ({ person, language, size })), { person: null, language, size });
    }
  }
  await weigh(people.find(({ role }) => role === "employee"));
  await each(jobs, ({ person, language, size }) => (person ? walk(person, language, size) : stranger(some, people, language, size)));
} finally {
  await browser.close();
}
console.log(`${findings.looked} pages were looked at`);
findings.say();

/** What the first page weighs on the wire, with all that it loads, for somebody who was never here. */
async function weigh({ state }) {
  const context = await open(browser, { size: "phone", state });
  const page = await context.newPage();
  const answers = [];
  page.on("requestfinished", (request) => answers.push(request.sizes()));
  await page.goto(given.portal, { waitUntil: "networkidle" });
  const pictures = page.locator("main article img");
  const count = await pictures.count();
  // Those that wait until somebody scrolls to them too.
  for (let number = 0; number < count; number += 1) await pictures.nth(number).scrollIntoViewIfNeeded();
  await page.waitForFunction(() => [...document.images].every((image) => image.complete && image.naturalWidth > 0));
  await page.waitForLoadState("networkidle");
  const sizes = await Promise.all(answers);
  const bytes = sizes.reduce((sum, one) => sum + one.responseBodySize + one.responseHeadersSize, 0);
  console.log(`the first page: ${count} pictures, ${answers.length} requests, ${bytes} bytes`);
  if (count < 6) findings.add("/", `only ${count} pictures on the first page`);
  if (bytes > MOST_BYTES) findings.add("/", `${bytes} bytes on the wire, ${MOST_BYTES} at most`);
  await context.close();
}

/** Everything that one person can reach. */
async function walk({ role, state }, language, size) {
  const name = `${role} ${language} ${size}`;
  const begun = Date.now();
  const context = await open(browser, { language, size, state });
  const page = await context.newPage();
  await listen(page, [given.portal], findings, name);
  const [dark, narrow] = [size === "phone" && language === "en", size === "phone"];
  const { files, count } = await crawl(page, given.portal, (_, response) => hold(page, response, findings, { name, language, dark, narrow }));
  await context.close();
  console.log(`${name}: ${count} kinds of pages, ${files.length} files, ${Date.now() - begun} ms`);
}

/** What is there without signing in, and what says that something went wrong. */
async function stranger(some, people, language, size) {
  const name = `stranger ${language} ${size}`;
  const employee = people.find(({ role }) => role === "employee");
  for (const { address, status, state } of strange(given, some, employee.state)) {
    const context = await open(browser, { language, size, state });
    const page = await context.newPage();
    const expected = await listen(page, [given.portal, given.redirect], findings, name);
    expected.status = status;
    const response = await page.goto(address);
    await hold(page, response, findings, { name, language, status, dark: language === "en", narrow: size === "phone" });
    await context.close();
  }
}
