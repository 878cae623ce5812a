// What pages say while ClickHouse is away: every page is there, and those with figures say that they are not.
//
// Reads from standard input: {"portal", "admin"}, where `admin` is an address that signs the administrator in.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { crawl } from "./crawl.mjs";
import { launch, open, signIn } from "./launch.mjs";
import { Findings, hold, listen } from "./watch.mjs";

/** Pages with figures, and where they say that they have none. */
const AWAY = [
  ["/figures", ".note.is-warn"],
  ["/team", ".note.is-warn"],
  ["/kpis", ".alone"],
  ["/kpis/clicks", ".alone"],
  ["/kpis/live", ".alone"],
];

const given = JSON.parse(readFileSync(0, "utf8"));
const findings = new Findings();
const browser = await launch();
try {
  const state = await signIn(browser, given.admin);
  const context = await open(browser, { language: "fr", size: "phone", state });
  const page = await context.newPage();
  await listen(page, [given.portal], findings, "away");
  await crawl(page, given.portal, (_, response) => hold(page, response, findings, { name: "away", language: "fr" }));
  for (const [path, place] of AWAY) {
    await page.goto(given.portal + path);
    assert.ok((await page.locator(`main ${place}`).first().innerText()).length > 20, `${path} says that figures are away`);
  }
} finally {
  await browser.close();
}
findings.say();
