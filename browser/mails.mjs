// Mails as they lie in the outbox: one .eml file each.

import { mkdirSync, readFileSync, readdirSync } from "node:fs";
import { watch } from "node:fs/promises";
import { join } from "node:path";
import { PATIENCE_MS } from "./launch.mjs";

export class Outbox {
  #folder;
  #read = new Set();
  /** Every mail that was returned or passed over. */
  seen = [];

  constructor(dataDir) {
    this.#folder = join(dataDir, "outbox");
    mkdirSync(this.#folder, { recursive: true });
  }

  /** The mails that were not returned yet. */
  news() {
    const files = readdirSync(this.#folder).filter((name) => name.endsWith(".eml") && !this.#read.has(name)).sort();
    for (const name of files) this.#read.add(name);
    const mails = files.map((name) => mail(readFileSync(join(this.#folder, name), "latin1")));
    this.seen.push(...mails);
    return mails;
  }

  /** Waits for the next mail to an address. */
  async to(address) {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    // Watching begins before the first look, so nothing comes in between.
    const changes = watch(this.#folder, { signal });
    const found = () => this.news().find((one) => one.to === address);
    let mail = found();
    if (mail) return mail;
    try {
      for await (const _ of changes) if ((mail = found())) return mail;
    } catch (error) {
      throw new Error(`no mail to ${address} within ${PATIENCE_MS / 1000} s`, { cause: error });
    }
  }
}

/** `{head: [[name, value]…], to, subject, plain, html}` of a message's bytes. */
export function mail(bytes) {
  const [top, body] = halves(bytes);
  const head = top.replace(/\r\n[ \t]/g, " ").split("\r\n").map((line) => line.split(/:\s(.*)/s));
  const field = (name) => head.find(([one]) => one.toLowerCase() === name)?.[1] ?? "";
  const [, boundary] = field("content-type").match(/boundary="([^"]+)"/);
  const [plain, html] = body.split(`--${boundary}`).slice(1, 3).map((part) => quotedPrintable(halves(part)[1]));
  return { head, to: field("to"), subject: words(field("subject")), plain, html };
}

/** What stands before the first empty line, and behind it. */
function halves(text) {
  const at = text.indexOf("\r\n\r\n");
  return [text.slice(0, at), text.slice(at + 4)];
}

function quotedPrintable(text) {
  const bytes = text.replace(/=\r\n/g, "").replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, "latin1").toString("utf8");
}

function words(text) {
  const word = (_, base64) => Buffer.from(base64, "base64").toString("utf8");
  return text.replace(/\?=\s+=\?/g, "?==?").replace(/=\?utf-8\?b\?([^?]*)\?=/gi, word);
}
