// Whether text of strangers stayed text: on a page, in a table, in a mail.

import { inflateRawSync } from "node:zlib";

/** What stands in a template of the corpus, computed: 7919 * 7907. */
const COMPUTED = "62615533";
/** What the head of our mails has. */
const HEAD = ["from", "to", "subject", "date", "message-id", "auto-submitted", "mime-version", "content-type", "list-unsubscribe", "list-unsubscribe-post"];

/** What came to life in the document that is open. */
export async function alive(page, { isMail = false } = {}) {
  return page.evaluate(({ computed, isMail }) => {
    const found = [];
    const all = [...document.querySelectorAll("*")];
    for (const one of all) {
      for (const { name, value } of one.attributes) {
        if (/^on/i.test(name)) found.push(`an attribute ${name} of <${one.localName}>`);
        if (/^(href|src|action|formaction|xlink:href)$/i.test(name) && /^\s*(javascript|data|vbscript):/i.test(value)) found.push(`${name}=${value}`);
      }
    }
    const scripts = [...document.scripts].filter((one) => isMail || !new URL(one.src, "http://none").pathname.startsWith("/assets/"));
    if (scripts.length > 0) found.push(`a script: ${scripts[0].outerHTML}`);
    const strange = document.querySelector("iframe, object, embed, base, meta[http-equiv], animate, img[src='x'], svg:not(.icon):not(main svg)");
    if (strange) found.push(`an element of nobody's: ${strange.outerHTML.slice(0, 200)}`);
    if (document.documentElement.outerHTML.includes(computed)) found.push("a template in a text was computed");
    return found;
  }, { computed: COMPUTED, isMail });
}

/** Cells of a CSV file that a spreadsheet would compute. */
export function computing(csv) {
  const cells = [...csv.replace(/^\ufeff/, "").matchAll(/("(?:[^"]|"")*"|[^,\r\n]*)(,|\r?\n|$)/g)].map(([, cell]) => {
    return cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell;
  });
  return cells.filter((cell) => /^[=+\-@\t\r]/.test(cell) && !/^[+-]?[\d.]+$/.test(cell));
}

/** The files of a zip archive, as texts by name. */
export function unzip(bytes) {
  const files = new Map();
  const end = bytes.lastIndexOf("PK\x05\x06", undefined, "latin1");
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [method, size, nameSize, extraSize, noteSize] = [bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 20), ...[28, 30, 32].map((one) => bytes.readUInt16LE(at + one))];
    const name = bytes.toString("utf8", at + 46, at + 46 + nameSize);
    const local = bytes.readUInt32LE(at + 42);
    const begin = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const packed = bytes.subarray(begin, begin + size);
    files.set(name, (method === 8 ? inflateRawSync(packed) : packed).toString("utf8"));
    at += 46 + nameSize + extraSize + noteSize;
  }
  return files;
}

/** What is wrong with a mail, its HTML part shown in `page`. */
export async function mailIsAlive(page, mail) {
  const found = mail.head.map(([name]) => name.toLowerCase()).filter((name) => !HEAD.includes(name)).map((name) => `a line ${name} in the head`);
  if (mail.head.filter(([name]) => name.toLowerCase() === "to").length !== 1) found.push("several receivers");
  // What a terminal obeys.
  if (/[\u0000\u0007\u001b]/.test(mail.plain + mail.html + mail.subject)) found.push("control characters");
  await page.setContent(mail.html);
  return [...found, ...(await alive(page, { isMail: true }))];
}
