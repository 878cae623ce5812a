// What every page is held to, whoever looks at it.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
/** The narrowest phone that pages are made for, in CSS pixels. */
const NARROWEST = 360;

/** Collects what goes wrong, and says it at the end. */
export class Findings {
  #lines = new Map();
  looked = 0;

  add(where, what) {
    const places = this.#lines.get(what) ?? [];
    this.#lines.set(what, [...places, where]);
  }

  /** Prints everything and sets the exit code. */
  say() {
    for (const [what, places] of this.#lines) {
      console.error(`${what}\n    seen ${places.length} times, first at ${places.slice(0, 3).join("; ")}`);
    }
    if (this.#lines.size > 0) process.exitCode = 1;
  }
}

/** A page that is listened to from its first request on. */
export async function listen(page, origins, findings, name) {
  const here = () => `${name} ${new URL(page.url(), "http://nowhere").pathname}`;
  await page.addInitScript(() => {
    window.refusedByPolicy = [];
    document.addEventListener("securitypolicyviolation", (event) => {
      window.refusedByPolicy.push(`${event.violatedDirective}: ${event.blockedURI} ${event.sample}`);
    });
  });
  const expected = { status: 200 };
  page.on("console", (message) => {
    const refused = `the server responded with a status of ${expected.status === "any" ? "" : expected.status}`;
    // The browser notes the status of a page that is there to say what went wrong.
    if (expected.status !== 200 && message.text().includes(refused)) return;
    if (["error", "warning"].includes(message.type())) findings.add(here(), `console: ${message.text()}`);
  });
  page.on("pageerror", (error) => findings.add(here(), `script: ${error.message}`));
  page.on("dialog", (dialog) => {
    findings.add(here(), `a dialog: ${dialog.message()}`);
    return dialog.dismiss();
  });
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (!["data:", "blob:", "about:"].includes(url.protocol) && !origins.includes(url.origin)) {
      findings.add(here(), `a request to another host: ${request.url()}`);
    }
  });
  return expected;
}

/** Holds the page that is open now to the rules. `dark`: its contrasts in the dark too. */
export async function hold(page, response, findings, { name, language, status = 200, dark = false, narrow = false }) {
  const path = new URL(page.url()).pathname;
  const found = (what) => findings.add(`${name} ${path}`, what);
  findings.looked += 1;
  if (response) {
    if (response.status() !== status) found(`status ${response.status()} instead of ${status}`);
    const policy = response.headers()["content-security-policy"] ?? "";
    if (!policy.includes("default-src 'none'") || policy.includes("unsafe")) found(`the policy is ${policy || "missing"}`);
  }
  const seen = await page.evaluate(() => ({
    lang: document.documentElement.lang,
    title: document.title,
    headings: document.querySelectorAll("h1").length,
    refused: window.refusedByPolicy ?? [],
    wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  }));
  // What those who write programs read is in English alone.
  const spoken = path.startsWith("/api/") ? "en" : language;
  if (seen.lang !== spoken) found(`lang is ${seen.lang} instead of ${spoken}`);
  if (!seen.title || seen.headings !== 1) found(`title “${seen.title}”, ${seen.headings} first headings`);
  for (const what of seen.refused) found(`refused by the policy: ${what}`);
  if (seen.wide > 0) found(`${seen.wide} px wider than the screen`);
  if (narrow) await holdNarrow(page, found);
  await axe(page, found, { runOnly: { type: "tag", values: WCAG } });
  if (dark) {
    await page.emulateMedia({ colorScheme: "dark" });
    await axe(page, (what) => found(`in the dark: ${what}`), { runOnly: { type: "rule", values: ["color-contrast"] } });
    await page.emulateMedia({ colorScheme: "light" });
  }
}

async function holdNarrow(page, found) {
  const usual = page.viewportSize();
  await page.setViewportSize({ ...usual, width: NARROWEST });
  const wide = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return null;
    const right = (one) => one.getBoundingClientRect().right;
    const widest = [...document.querySelectorAll("main *")].sort((a, b) => right(b) - right(a))[0];
    return `${right(widest) - clientWidth} px: ${widest.cloneNode().outerHTML}`;
  });
  if (wide) found(`wider than a screen of ${NARROWEST} px by ${wide}`);
  await page.setViewportSize(usual);
}

async function axe(page, found, options) {
  // Not as a script of the page, which its policy would refuse: the debugger's hands.
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(AXE);
  const violations = await page.evaluate(async (chosen) => {
    const { violations } = await window.axe.run(document, { ...chosen, resultTypes: ["violations"] });
    return violations.map(({ id, help, nodes }) => ({ id, help, nodes: nodes.map((node) => `${node.html.slice(0, 200)} ${node.failureSummary}`) }));
  }, options);
  for (const { id, help, nodes } of violations) found(`axe ${id}: ${help}\n    ${nodes[0].replaceAll("\n", " ")}`);
}
