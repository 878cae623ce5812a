// From an empty space to a figure: what the pages say when there is nothing, an invitation, the first share, the click.
//
// Reads from standard input: {"portal", "redirect", "data_dir", "admin", "api", "token"}, where `admin` is an address
// that signs the administrator in and `token` opens the space's API.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { crawl } from "./crawl.mjs";
import { PATIENCE_MS, launch, open, signIn } from "./launch.mjs";
import { Outbox } from "./mails.mjs";
import { Findings, hold, listen } from "./watch.mjs";

const given = JSON.parse(readFileSync(0, "utf8"));
const INES = "ines@acme.test";
const PERSON = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.2 Mobile/15E148 Safari/604.1";
const findings = new Findings();
const outbox = new Outbox(given.data_dir);
const browser = await launch();
try {
  const admin = await signIn(browser, given.admin);
  await emptyPages(admin);
  await importPeople(admin);
  await charter(admin);
  await invite(admin);
  const content = await publish();
  const ines = await firstSignIn();
  const link = await firstShare(ines, content);
  await threeTaps(ines, content, link);
  await withoutScript(ines, link);
  await byKeyboard(ines, link);
  await clickAndFigure(ines, link, content);
} finally {
  await browser.close();
}
findings.say();

/** A window that is listened to; other hosts than ours get no request out of it. */
async function window_(name, options, elsewhere = []) {
  const context = await open(browser, options);
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: given.portal });
  await context.route((url) => url.protocol === "https:", (route) => {
    elsewhere.push(route.request().url());
    return route.fulfill({ contentType: "text/plain", body: "a network's share window" });
  });
  const page = await context.newPage();
  const expected = await listen(page, [given.portal], findings, name);
  const look = (response, rules) => hold(page, response, findings, { name, language: options.language ?? "en", ...rules });
  return { context, page, look, expected };
}

/** Does something that leads to another page, and waits for that one. */
async function follow(page, act) {
  const loaded = page.waitForEvent("load");
  await act;
  await loaded;
}

function copied(page) {
  return page.evaluate(() => navigator.clipboard.readText());
}

/** Whoever comes first finds nothing, and is told what to do next. */
async function emptyPages(state) {
  for (const [language, size] of [["fr", "phone"], ["en", "desktop"]]) {
    const { context, page, look } = await window_(`empty ${language}`, { language, size, state });
    const { count } = await crawl(page, given.portal, (_, response) => look(response, { narrow: size === "phone" }));
    for (const path of ["/", "/figures", "/referrals", "/?q=nothing"]) {
      await page.goto(given.portal + path);
      await page.locator(".alone h2").waitFor();
      assert.ok((await page.locator(".alone p").first().innerText()).length > 10, `${path} says what to do next`);
    }
    await context.close();
    console.log(`an empty space: ${count} kinds of pages`);
  }
}

/** A list of people: what it would change, then how far it is, then what it did. */
async function importPeople(state) {
  const { context, page, look } = await window_("import", { size: "desktop", state });
  await page.goto(`${given.portal}/admin/people/import`);
  // So many that they are still being read when the next page is there.
  const rows = Array.from({ length: 20_000 }, (_, n) => `P${n},person${n}@acme.test,Person ${n},employee`);
  const buffer = Buffer.from(`external_id,email,name,kind\n${rows.join("\n")}\n`);
  await page.locator("input[type=file]").setInputFiles({ name: "people.csv", mimeType: "text/csv", buffer });
  await follow(page, page.locator("main form button").click());
  await page.locator("progress").waitFor();
  await look(null);
  const confirm = page.locator("form[action$='/confirm'] button");
  await confirm.waitFor();
  await look(null);
  await follow(page, confirm.click());
  await page.locator("progress").waitFor();
  await look(null);
  await page.locator("a.button[href='/admin/people']").waitFor();
  await look(null);
  assert.match(await page.locator(".counts strong").first().innerText(), /20,000/);
  await context.close();
}

/** What everybody is asked to agree to before the first link. */
async function charter(state) {
  const { context, page, look } = await window_("charter", { size: "desktop", state });
  await page.goto(`${given.portal}/admin/charter`);
  for (const text of await page.locator("main textarea").all()) await text.fill("# Charte\n\nVous partagez ce que vous voulez.\n\n- Librement\n- En votre nom");
  await page.locator("main form button").click();
  await page.locator(".note.is-good").first().waitFor();
  await look(null);
  await context.close();
}

async function invite(state) {
  const { context, page, look } = await window_("invite", { size: "desktop", state });
  await page.goto(`${given.portal}/admin/people/new`);
  await page.getByLabel("Name").fill("Inès Diallo");
  await page.getByLabel("E-mail").fill(INES);
  await page.getByLabel("Language").fill("fr");
  await page.locator("input[name=invite]").check();
  await page.locator("main form button").click();
  await page.locator(".note.is-good").first().waitFor();
  await look(null);
  await context.close();
}

async function publish() {
  const headers = { authorization: `Bearer ${given.token}`, "content-type": "application/json" };
  const body = {
    kind: "article",
    title: "Le pain de demain",
    url: "https://www.example.com/pain",
    summary: "Comment nous faisons lever la pâte, et pourquoi cela prend une nuit.",
    published_at: "2026-01-05T08:00:00Z",
    captions: [{ language: "fr", text: "Une nuit pour une pâte. Cela valait l’attente." }],
  };
  const answer = await fetch(`${given.portal}/api/v1/contents`, { method: "POST", headers, body: JSON.stringify(body) });
  assert.equal(answer.status, 201);
  return answer.json();
}

/** From the invitation in the mailbox to the feed, the charter accepted. Returns what the phone keeps. */
async function firstSignIn() {
  const { context, page, look, expected } = await window_("first sign-in", { language: "fr", size: "phone" });
  const invitation = await outbox.to(INES);
  const [address] = invitation.plain.match(/http:\S+/);
  await look(await page.goto(address));
  await page.locator("input[name=email]").fill(INES);
  await page.locator("main form button").tap();
  await page.locator("input[name=code]").waitFor();
  await look(null);
  const { subject } = await outbox.to(INES);
  expected.status = 422;
  await page.locator("input[name=code]").fill("AAAA-AAAA");
  await page.locator("main form button").tap();
  await page.locator("[role=alert]").waitFor();
  await look(null);
  expected.status = 200;
  await page.locator("input[name=code]").fill(subject.split(" ")[0]);
  await page.locator("main form button").tap();
  await page.waitForURL(`${given.portal}/`);
  await look(null);
  await follow(page, page.locator("a[href^='/charter']").tap());
  await look(null);
  await page.locator("form.decide button").tap();
  await page.waitForURL(`${given.portal}/`);
  await look(null, { narrow: true, dark: true });
  const state = await context.storageState();
  await context.close();
  return state;
}

/** The content's page: a network's own window opens with the link, and the text is beside it. */
async function firstShare(state, content) {
  const elsewhere = [];
  const { context, page, look } = await window_("first share", { language: "fr", size: "phone", state }, elsewhere);
  await page.goto(`${given.portal}/contents/${content.id}`);
  await look(null, { narrow: true, dark: true });
  const opened = context.waitForEvent("page");
  await page.locator("button[value=linkedin]").tap();
  const network = await opened;
  await network.waitForURL(/^https:\/\/www\.linkedin\.com\/sharing\/share-offsite/);
  const link = new URL(network.url()).searchParams.get("url");
  assert.ok(link.startsWith(`${given.redirect}/`), link);
  await network.close();
  assert.match(await copied(page), /Une nuit pour une pâte/);
  await page.locator(".toast").waitFor();
  await look(null);
  assert.ok(elsewhere.every((address) => new URL(address).host === "www.linkedin.com"), elsewhere.join());
  await context.close();
  return link;
}

/** Opening the portal is no tap; from there on they are counted. */
async function threeTaps(state, content, linkedIn) {
  const { context, page, look } = await window_("three taps", { language: "fr", size: "phone", state });
  const ways = [
    ["main article .tile-actions [data-copies]"],
    [`main article a[href='/contents/${content.id}']`, "button[value=copy]"],
  ];
  for (const way of ways) {
    await page.goto(given.portal);
    await page.evaluate(() => navigator.clipboard.writeText("nothing yet"));
    let taps = 0;
    for (const place of way) {
      await page.locator(place).first().tap();
      taps += 1;
    }
    await page.locator(".toast").waitFor();
    const text = await copied(page);
    assert.ok(text.includes(`${given.redirect}/`) && !text.includes(linkedIn), text);
    assert.ok(taps <= 3, `${taps} taps`);
    console.log(`a copied link after ${taps} taps`);
  }
  await look(null);
  await context.close();
}

/** The same pages where nothing runs in them: the link is there to copy by hand, the code to scan. */
async function withoutScript(state, link) {
  const { context, page } = await window_("no script", { language: "fr", size: "phone", state, script: false });
  await page.goto(given.portal);
  assert.match(await page.locator("main article h2").first().innerText(), /pain/);
  await page.locator("main article .tile-actions button").first().click();
  assert.ok((await page.locator("input#link").inputValue()).startsWith(`${given.redirect}/`));
  await page.goBack();
  await page.locator("main article h2 a").first().click();
  await page.locator("button[value=linkedin]").click();
  assert.equal(await page.locator("input#link").inputValue(), link, "the same link as with a script");
  assert.match(await page.locator("textarea#said").inputValue(), /Une nuit/);
  assert.match(await page.locator("a.button[target=_blank]").getAttribute("href"), /^https:\/\/www\.linkedin\.com/);
  await page.goBack();
  await page.locator("button[value=qr]").click();
  await page.locator("main .qr img").waitFor();
  for (const path of ["/?q=pain", "/figures", "/referrals", "/account"]) {
    assert.equal((await page.goto(given.portal + path)).status(), 200);
  }
  await context.close();
}

/** Tab and Enter alone, and one sees where one is. */
async function byKeyboard(state) {
  const { context, page, look } = await window_("keyboard", { language: "fr", size: "desktop", state });
  await page.goto(given.portal);
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.className), "skip", "first the way past the navigation");
  await page.keyboard.press("Enter");
  let steps = 0;
  while (!(await page.evaluate(() => document.activeElement.matches("[data-copies]")))) {
    assert.ok(++steps < 12, "the button is near");
    await page.keyboard.press("Tab");
    const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
    assert.notEqual(outline, "none", "one sees where one is");
  }
  await page.keyboard.press("Enter");
  await page.locator(".toast").waitFor();
  assert.ok((await copied(page)).startsWith(`${given.redirect}/`));
  await look(null);
  await context.close();
}

/** Somebody opens the link, and its owner reads of it. */
async function clickAndFigure(state, link, content) {
  const headers = { "user-agent": PERSON, accept: "text/html", "accept-language": "fr" };
  const answer = await fetch(link, { redirect: "manual", headers });
  assert.equal(answer.status, 302);
  assert.ok(answer.headers.get("location").startsWith(content.url), answer.headers.get("location"));
  const { context, page, look } = await window_("figures", { language: "fr", size: "phone", state });
  await page.goto(`${given.portal}/figures`);
  // A busy ClickHouse may leave the page without figures, which it says; the next one has them.
  const said = async () => (await page.locator(".figures .figure").allInnerTexts()).join();
  const deadline = Date.now() + PATIENCE_MS;
  // Each look is an answer of the server's, and takes as long as that takes.
  while (!(await said()).startsWith("Un clic")) {
    assert.ok(Date.now() < deadline, `the click is not there: ${await said()}`);
    await page.reload();
  }
  await look(null, { narrow: true, dark: true });
  assert.match(await page.locator("main .rows").innerText(), /LinkedIn/);
  await context.close();
}
