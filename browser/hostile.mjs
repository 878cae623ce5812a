// One corpus of hostile texts in every field of a space; then every page, every file and every mail of it.
//
// Reads from standard input: {"portal", "redirect", "relais", "env", "data_dir", "space", "corpus"}.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { crawl } from "./crawl.mjs";
import { alive, computing, mailIsAlive, unzip } from "./inert.mjs";
import { each, launch, open, signIn } from "./launch.mjs";
import { Outbox } from "./mails.mjs";
import { administrator, relais } from "./people.mjs";
import { Findings, listen } from "./watch.mjs";

/** Where the corpus is asked for. */
const QUERIES = {
  admin: ["/?q=", "/?kind=", "/charter?next=", "/admin/people?text=", "/admin/people?team=", "/admin/audit?text="],
  stranger: ["/sign-in?next=", "/sign-in?space=", "/report?code=", "/report?space=", "/digest/stop/", "/"],
};

const given = JSON.parse(readFileSync(0, "utf8"));
const findings = new Findings();
const outbox = new Outbox(given.data_dir);
const ask = administrator(given, given.space);
const browser = await launch();
let files = 0;
try {
  const members = await fill();
  await report();
  const visitors = await Promise.all(members.map(async (one) => ({ ...one, state: await signIn(browser, one.address) })));
  await each([...visitors, { role: "stranger" }], visit);
  await exports_();
  await mails();
} finally {
  await browser.close();
}
console.log(`${findings.looked} pages, ${files} files`);
findings.say();

/** Sends a body; what the programme refuses in it is left out, which is one way of being inert. */
async function tell(method, path, body) {
  for (;;) {
    try {
      return await ask(method, path, body);
    } catch (error) {
      const refused = [...error.message.matchAll(/"field":"([a-z_]+)/g)].map(([, field]) => field).filter((field) => field in body);
      if (refused.length === 0) return null;
      for (const field of refused) delete body[field];
    }
  }
}

/** Every text in every field that takes one. Returns somebody of each role. */
async function fill() {
  const [space] = (await ask("GET", "/spaces")).items;
  const [loud] = given.corpus;
  await tell("PATCH", `/spaces/${space.id}`, { name: loud, utm_template: { utm_campaign: loud } });
  const roles = ["admin", "marketing", "recruiter", "advocate"];
  const people = [];
  for (const [n, text] of given.corpus.entries()) {
    await tell("POST", "/teams", { name: text });
    const campaign = await tell("POST", "/campaigns", { name: text, slug: `c${n}`, external_id: text });
    const advocate = await tell("POST", "/advocates", {
      email: `p${n}@acme.test`, name: text, kind: "employee", team: text, location: text, skills: [text], cohort: text, external_id: text,
    });
    const content = await tell("POST", "/contents", {
      kind: n % 3 === 0 ? "job" : "article", title: text, summary: text, url: `https://www.example.com/${n}?q=${encodeURIComponent(text)}`,
      captions: [{ text }, { text, language: "en" }], campaign_id: campaign?.id, external_id: text, published_at: "2026-01-05T08:00:00Z",
    });
    await tell("POST", "/tokens", { name: text, role: "marketing" });
    if (advocate) people.push(advocate.id);
    if (!advocate || !content) continue;
    const link = await tell("POST", "/links", { advocate_id: advocate.id, content_id: content.id, channel: "linkedin" });
    const headers = { "user-agent": `Mozilla/5.0 ${encodeURI(text)}`, referer: `https://evil.example/?${encodeURIComponent(text)}` };
    const query = new URLSearchParams({ utm_source: text, utm_medium: text, utm_campaign: text, utm_term: text, utm_content: text });
    await fetch(`${given.redirect}/${link.code}?${query}`, { redirect: "manual", headers });
    await fetch(`${given.redirect}/${link.code}+`, { headers });
    await tell("POST", "/applications", { link_id: link.id, stage: "applied", external_id: `${n}${text}`, occurred_at: new Date().toISOString() });
  }
  assert.ok(people.length > given.corpus.length / 2, "most of the corpus came in");
  return Promise.all(roles.map(async (role, n) => {
    if (role !== "advocate") await ask("PUT", `/members/${people[n]}`, { role });
    return { role, address: relais(given, "sign-in-link", "--space", given.space, "--advocate", people[n]) };
  }));
}

/** What a stranger writes to those who run the programme. */
async function report() {
  const context = await open(browser);
  const page = await context.newPage();
  await page.goto(`${given.portal}/report?space=${given.space}&code=nothing`);
  const field = page.locator("main textarea");
  await field.fill(given.corpus.join("\n").slice(0, 900));
  await page.locator("main form button").click();
  await context.close();
}

/** Every kind of page, every content and person, and every search, with the corpus asked for. */
async function visit({ role, state }) {
  const context = await open(browser, { size: "desktop", state });
  const page = await context.newPage();
  const expected = await listen(page, [given.portal, given.redirect], findings, role);
  // That a hostile address leads nowhere is as good as any answer.
  expected.status = "any";
  const look = async () => {
    findings.looked += 1;
    for (const what of await alive(page)) findings.add(`${role} ${page.url()}`, what);
  };
  if (state) {
    const { files: kept } = await crawl(page, given.portal, look);
    for (const file of kept) await download(context, file);
    const [contents, people] = [await ask("GET", "/contents?limit=200"), await ask("GET", "/advocates?limit=200")];
    const each = contents.items.map(({ id }) => `/contents/${id}`);
    if (role === "admin") each.push(...people.items.map(({ id }) => `/admin/people/${id}`));
    for (const path of each) {
      await page.goto(given.portal + path);
      await look();
    }
  }
  for (const text of given.corpus) {
    for (const query of QUERIES[role] ?? []) {
      await page.goto(given.portal + query + encodeURIComponent(text));
      await look();
    }
  }
  await context.close();
}

async function download(context, address) {
  const answer = await context.request.get(address);
  if (answer.ok()) table(address, await answer.body(), answer.headers()["content-type"]);
}

/** A file that people open in a spreadsheet. */
function table(name, bytes, kind) {
  if (kind.startsWith("text/csv")) {
    for (const cell of computing(bytes.toString("utf8"))) findings.add(name, `a cell that computes: ${cell}`);
  } else if (kind.includes("spreadsheetml")) {
    for (const [file, text] of unzip(bytes)) if (/<f[ >]/.test(text)) findings.add(name, `a formula in ${file}`);
  } else return;
  files += 1;
}

/** The tables of the API, with names in them. */
async function exports_() {
  const token = relais(given, "token", "create", "--space", given.space, "--role", "admin");
  const today = new Date().toISOString().slice(0, 10);
  const asked = `from=${today.slice(0, 4)}-01-01&to=${today}`;
  const paths = ["/clicks?format=csv"];
  for (const by of ["advocate", "team", "content", "campaign", "cohort", "utm_source", "network"]) {
    paths.push(`/kpis?${asked}&by=${by}&format=csv`, `/kpis?${asked}&by=${by}&format=xlsx`);
  }
  for (const path of paths) {
    const answer = await fetch(`${given.portal}/api/v1${path}`, { headers: { authorization: `Bearer ${token}` } });
    if (answer.ok) table(path, Buffer.from(await answer.arrayBuffer()), answer.headers.get("content-type"));
  }
  assert.ok(files >= 7, `only ${files} tables were read`);
}

/** Everybody is invited, and somebody asks for a code. */
async function mails() {
  const context = await open(browser, { size: "desktop", state: await signIn(browser, (await admin()).address) });
  const page = await context.newPage();
  await page.goto(`${given.portal}/admin/people`);
  await page.locator("form[action='/admin/people/invite'] button").click();
  await outbox.to(`p${given.corpus.length - 1}@acme.test`);
  await page.goto(`${given.portal}/sign-in?space=${given.space}`);
  await page.locator("input[name=email]").fill("p3@acme.test");
  await page.locator("main form button").first().click();
  await outbox.to("p3@acme.test");
  const blank = await context.newPage();
  await listen(blank, [given.portal], findings, "a mail");
  for (const mail of outbox.seen) {
    for (const what of await mailIsAlive(blank, mail)) findings.add(`a mail to ${mail.to}`, what);
  }
  console.log(`${outbox.seen.length} mails`);
  await context.close();
}

async function admin() {
  const { items } = await ask("GET", "/members");
  const { advocate_id } = items.find(({ role }) => role === "admin");
  return { address: relais(given, "sign-in-link", "--space", given.space, "--advocate", advocate_id) };
}
