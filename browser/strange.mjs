// What is there without signing in, and what says that something went wrong.

/**
 * Pages as `{ name, address, status, state }`, the state of whom they are shown to, if anybody. `code` is a link that
 * leads somewhere, `gone` one that was switched off, `employee` the state of somebody who signed in.
 */
export function strange({ portal, redirect, code, gone }, employee) {
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
