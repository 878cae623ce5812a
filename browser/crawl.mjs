// Every page that somebody can reach from the first one by links and searches: one of each kind.
//
// Two addresses are of one kind when they differ in ids, dates, numbers or the values of a query. A page that links to
// many siblings is a list, and three of them stand for all, unless a navigation names them too. So an area that is
// added is walked without a word here.

/** Siblings of one page that make it a list. */
const A_LIST = 12;
/** Of a list, so many are looked at. */
const OF_A_LIST = 3;
/** Ways to ask for the same page that are looked at. */
const QUERIES = 3;
/** Nobody has more kinds of pages than this; a crawl that goes on has lost its way. */
const MOST = 150;

/** The address's kind, its path's kind, and the family of its path. */
export function kind(url) {
  const path = url.pathname.split("/").map((part) => (variable(part) ? "{}" : part)).join("/");
  const keys = [...new Set(url.searchParams.keys())].sort();
  return { whole: keys.length > 0 ? `${path}?${keys.join("&")}` : path, path, family: path.replace(/[^/]+$/, "") };
}

function variable(part) {
  return /^[a-z]{3}_[0-9a-z]{8,}$/.test(part) || /^\d+([.,-]\d+)*$/.test(part) || /^[0-9A-Za-z_-]{32,}$/.test(part);
}

/**
 * Opens each page in `page` and calls `visit(kind, response)` there. Returns the addresses that are files and not
 * pages, and how many pages there were.
 */
export async function crawl(page, origin, visit, start = ["/"]) {
  const waiting = start.map((path) => new URL(path, origin).href);
  const met = new Set(waiting.map((address) => kind(new URL(address)).whole));
  const [queries, families, paths, files] = [new Map(), new Map(), new Set(), []];
  let count = 0;
  const take = (address, byNavigation) => {
    const url = new URL(address);
    const { whole, path, family } = kind(url);
    if (url.origin !== origin || met.has(whole)) return;
    if (!paths.has(path) && families.has(family) && !byNavigation) {
      const left = families.get(family);
      if (left === 0) return;
      families.set(family, left - 1);
    }
    paths.add(path);
    if (url.search) {
      const asked = queries.get(path) ?? 0;
      if (asked >= QUERIES) return;
      queries.set(path, asked + 1);
    }
    met.add(whole);
    url.hash = "";
    waiting.push(url.href);
  };
  for (let address = waiting.shift(); address; address = waiting.shift()) {
    if (++count > MOST) throw new Error(`more than ${MOST} kinds of pages, last ${address}`);
    const response = await visitable(page, address);
    if (!response) {
      files.push(address);
      continue;
    }
    await visit(kind(new URL(address)).whole, response);
    const { links, places, searches } = await addresses(page);
    for (const address of places) take(address, true);
    for (const [family, siblings] of siblingsAmong(links, origin)) {
      if (siblings.size > A_LIST && !families.has(family)) families.set(family, OF_A_LIST);
    }
    for (const address of [...links, ...searches]) take(address, false);
  }
  return { files, count };
}

/** The kinds of paths among these addresses, by family. */
function siblingsAmong(links, origin) {
  const families = new Map();
  for (const url of links.map((address) => new URL(address)).filter((one) => one.origin === origin)) {
    const { path, family } = kind(url);
    families.set(family, (families.get(family) ?? new Set()).add(path));
  }
  return families;
}

/** The answer to a page's address; none when it is a file to keep. */
async function visitable(page, address) {
  try {
    const response = await page.goto(address);
    return response.headers()["content-type"]?.startsWith("text/html") ? response : null;
  } catch (error) {
    if (/Download is starting|ERR_ABORTED/.test(error.message)) return null;
    throw error;
  }
}

/** Where a page leads without changing anything. */
function addresses(page) {
  return page.evaluate(() => {
    const href = (link) => link.href;
    const leads = (link) => /^https?:$/.test(link.protocol);
    const all = [...document.querySelectorAll("a[href]")].filter(leads);
    const searches = [...document.querySelectorAll("form")].filter((form) => form.method === "get").map((form) => {
      const url = new URL(form.action);
      url.search = new URLSearchParams(new FormData(form)).toString();
      return url.href;
    });
    return { links: all.map(href), places: all.filter((link) => link.closest("nav")).map(href), searches };
  });
}
