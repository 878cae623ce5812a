// The pictures of the README.

import { deflateSync } from "node:zlib";

/** What is drawn: as whom, how large, and where to go from the first page. */
export const README = [
  { name: "feed", role: "employee", size: "phone", go: async () => {} },
  { name: "share", role: "employee", size: "phone", go: share },
  { name: "figures", role: "marketing", size: "desktop", go: (page) => page.goto(new URL("/kpis", page.url()).href) },
];

/** A content's page, where the networks are. */
async function share(page) {
  await page.locator("main article h2 a").first().click();
  await page.locator("main form.card").evaluate((form) => form.scrollIntoView());
}

/** Colours of a shrunk picture: flat pages need few. */
const COLOURS = 128;

/** A PNG with a palette: a third of the bytes. */
export async function shrink(browser, png) {
  const page = await browser.newPage();
  const { width, height, pixels } = await page.evaluate(async (base64) => {
    const blob = await (await fetch(`data:image/png;base64,${base64}`)).blob();
    const bitmap = await createImageBitmap(blob);
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    const context = canvas.getContext("2d");
    context.drawImage(bitmap, 0, 0);
    const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
    let text = "";
    for (let at = 0; at < data.length; at += 0x8000) text += String.fromCharCode(...data.subarray(at, at + 0x8000));
    return { width: bitmap.width, height: bitmap.height, pixels: btoa(text) };
  }, png.toString("base64"));
  await page.close();
  return indexed(width, height, Buffer.from(pixels, "base64"));
}

/** Encodes RGBA pixels with their most frequent colours; the others become the nearest of these. */
function indexed(width, height, rgba) {
  const at = (pixel) => (rgba[pixel * 4] << 16) | (rgba[pixel * 4 + 1] << 8) | rgba[pixel * 4 + 2];
  // Shades that nobody tells apart are one, their mean: so a page's paper stays what it is.
  const shades = new Map();
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    const colour = at(pixel);
    const sums = shades.get(colour & 0xf8f8f8) ?? [0, 0, 0, 0];
    [colour >> 16, (colour >> 8) & 255, colour & 255, 1].forEach((part, number) => (sums[number] += part));
    shades.set(colour & 0xf8f8f8, sums);
  }
  const frequent = [...shades.values()].sort((a, b) => b[3] - a[3]).slice(0, COLOURS);
  const parts = frequent.map(([red, green, blue, count]) => [red, green, blue].map((sum) => Math.round(sum / count)));
  const nearest = new Map();
  const index = (colour) => {
    const known = nearest.get(colour);
    if (known !== undefined) return known;
    const [red, green, blue] = [colour >> 16, (colour >> 8) & 255, colour & 255];
    let [best, least] = [0, Infinity];
    parts.forEach(([r, g, b], number) => {
      const far = (r - red) ** 2 + (g - green) ** 2 + (b - blue) ** 2;
      if (far < least) [best, least] = [number, far];
    });
    nearest.set(colour, best);
    return best;
  };
  const lines = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y += 1) for (let x = 0; x < width; x += 1) lines[y * (width + 1) + x + 1] = index(at(y * width + x));
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 3, 0, 0, 0], 8);
  const chunks = [["IHDR", head], ["PLTE", Buffer.from(parts.flat())], ["IDAT", deflateSync(lines, { level: 9 })], ["IEND", Buffer.alloc(0)]];
  return Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), ...chunks.map(([name, body]) => chunk(name, body))]);
}

function chunk(name, body) {
  const named = Buffer.concat([Buffer.from(name, "latin1"), body]);
  const [size, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  size.writeUInt32BE(body.length);
  check.writeUInt32BE(crc(named));
  return Buffer.concat([size, named, check]);
}

/** CRC-32 as PNG has it (ISO 3309). */
function crc(bytes) {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  }
  return (sum ^ 0xffffffff) >>> 0;
}
