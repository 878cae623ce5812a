// The browser of all scripts here: Debian's Chromium, several people in it, a context each.

import { execFileSync } from "node:child_process";
import { chromium } from "playwright-core";

export const LANGUAGES = { en: "en-GB", fr: "fr-FR" };
export const SIZES = {
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 },
  desktop: { viewport: { width: 1280, height: 800 } },
};

/** Nothing that is waited for takes longer, also on a machine that is busy with a build. */
export const PATIENCE_MS = 120_000;

/** Where Chromium is: CHROMIUM, else `chromium` of the PATH. */
function program() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  return execFileSync("sh", ["-c", "command -v chromium"], { encoding: "utf8" }).trim();
}

export function launch() {
  // Whoever runs the tests as root, in a container, has no sandbox to put the browser into.
  return chromium.launch({ executablePath: program(), args: ["--no-sandbox", "--disable-gpu"] });
}

/** Somebody's browser window: `state` is what signing in left. */
export async function open(browser, { language = "en", size = "phone", scheme = "light", state, script = true } = {}) {
  const context = await browser.newContext({
    ...SIZES[size],
    locale: LANGUAGES[language],
    timezoneId: "Europe/Paris",
    colorScheme: scheme,
    reducedMotion: "reduce",
    storageState: state,
    javaScriptEnabled: script,
  });
  context.setDefaultTimeout(PATIENCE_MS);
  return context;
}

/** Follows a printed sign-in address and returns the cookies that it gave. */
export async function signIn(browser, address) {
  const context = await open(browser);
  const page = await context.newPage();
  await page.goto(address);
  await page.locator("main form button").click();
  await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
  const state = await context.storageState();
  await context.close();
  return state;
}

/** Runs `work` on each of `jobs`, so many at a time: two cores have a browser and a server to run. */
export async function each(jobs, work, atOnce = 3) {
  const waiting = [...jobs];
  const worker = async () => {
    for (let job = waiting.shift(); job; job = waiting.shift()) await work(job);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
