// What is there without signing in, and what says that something went wrong.

import { PATIENCE_MS } from "./launch.mjs";
import { administrator } from "./people.mjs";

/** A link of the demo that leads somewhere, `code`, and one that is switched off now, `gone`. */
export async function links(given) {
  const ask = administrator(given, "marelle");
  const status = async ({ code }) => (await fetch(`${given.redirect}/${code}`, { redirect: "manual" })).status;
  const leading = [];
  for (const link of (await ask("GET", "/links?limit=50")).items) if ((await status(link)) === 302) leading.push(link);
  const [{ code }, gone] = leading;
  // Without a page to fall back to, it says itself that it is gone.
  const [space] = (await ask("GET", "/spaces")).items;
  await ask("PATCH", `/spaces/${space.id}`, { fallback_url: null });
  await ask("PATCH", `/links/${gone.id}`, { disabled: true });
  const end = Date.now() + PATIENCE_MS;
  while ((await status(gone)) !== 410) {
    if (Date.now() > end) throw new Error(`${gone.code} was switched off and goes on leading somewhere`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return { code, gone: gone.code };
}

/**
 * Pages as `{ name, address, status, state }`, the state of whom they are shown to, if anybody. `code` and `gone` are
 * those of `links`, `employee` is the state of somebody who signed in.
 */
export function strange({ portal, redirect }, { code, gone }, employee) {
  return [
    { name: "sign-in", address: `${portal}/sign-in`, status: 200 },
    { name: "sign-in-of-a-space", address: `${portal}/sign-in?space=marelle&next=/figures`, status: 200 },
    { name: "sign-in-link-used", address: `${portal}/sign-in/link/${"A".repeat(43)}`, status: 410 },
    { name: "report", address: `${portal}/report?space=marelle&code=${code}`, status: 200 },
    { name: "digest-stop", address: `${portal}/digest/stop/nobody`, status: 200 },
    { name: "not-found", address: `${portal}/nothing-here`, status: 404 },
    { name: "not-allowed", address: `${portal}/admin`, status: 403, state: employee },
    { name: "content-not-found", address: `${portal}/contents/cnt_0000000000000`, status: 404, state: employee },
    { name: "link-unknown", address: `${redirect}/nothingHere`, status: 404 },
    { name: "link-gone", address: `${redirect}/${gone}`, status: 410 },
    { name: "link-where", address: `${redirect}/${code}+`, status: 200 },
    { name: "link-gone-where", address: `${redirect}/${gone}+`, status: 200 },
  ];
}
