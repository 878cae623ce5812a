// Small movements that pages do without where there is no script. Pages mark what takes part:
// data-copy      a button: copies this text, or the value of the field that `#id` names; says data-said
// data-share     a form whose buttons make a personal link: asks for JSON, copies, opens, says
// data-sheet     a button that opens the device's own share sheet; shown where there is one
// data-page      a button of such a form that leads to a page instead
// data-try       a link that leads to the personal link just made, without being counted
// data-fill      a button that puts this text into the form's own
// data-print     a button that prints the page
// data-needs-js  shown only with a script
(() => {
  "use strict";

  const TOAST_MS = 5000;

  function toast(text) {
    const box = document.getElementById("toasts");
    if (!box || !text) return;
    const line = document.createElement("div");
    line.className = "toast";
    line.textContent = text;
    box.append(line);
    setTimeout(() => line.remove(), TOAST_MS);
  }

  function copyByHand(text) {
    const field = document.createElement("textarea");
    field.value = text;
    field.className = "visually-hidden";
    document.body.append(field);
    field.select();
    const copied = document.execCommand("copy");
    field.remove();
    return copied;
  }

  // The clipboard opens only while a tap lasts, and the link comes from the server after it: browsers
  // take a promise of the text instead.
  async function copy(promise) {
    if (navigator.clipboard && window.ClipboardItem) {
      try {
        const blob = promise.then((text) => new Blob([text], { type: "text/plain" }));
        await navigator.clipboard.write([new ClipboardItem({ "text/plain": blob })]);
        return true;
      } catch {
        // Falls through: an older browser, or one that wants the text at once.
      }
    }
    const text = await promise;
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return copyByHand(text);
    }
  }

  async function send(form, submitter) {
    const fields = new URLSearchParams(new FormData(form, submitter));
    const answer = await fetch(form.action, {
      method: "POST",
      headers: { accept: "application/json" },
      body: fields,
    });
    if (!answer.ok || !(answer.headers.get("content-type") || "").startsWith("application/json")) {
      throw new Error(answer.status);
    }
    return answer.json();
  }

  async function share(form, submitter) {
    const opens = submitter.hasAttribute("data-opens");
    // Opened while the tap lasts, or browsers take it for an advertisement.
    const window_ = opens ? window.open("", "_blank") : null;
    if (window_) window_.opener = null;
    const answer = send(form, submitter);
    try {
      const copies = submitter.hasAttribute("data-copies");
      const copied = copies ? await copy(answer.then((link) => link.copy)) : false;
      const link = await answer;
      if (link.open && window_) window_.location.replace(link.open);
      else if (link.open) window.location.assign(link.open);
      toast(!copies || copied ? link.said : link.said_by_hand);
      show(link, submitter);
    } catch {
      if (window_) window_.close();
      // The form's own way: a page, which also says what went wrong.
      form.noValidate = true;
      form.removeAttribute("data-share");
      form.requestSubmit(submitter);
    }
  }

  function show(link, submitter) {
    const box = document.getElementById("made");
    if (!box) return;
    const field = box.querySelector("input");
    field.value = link.short_url;
    box.querySelector("[data-try]").href = link.try_url;
    box.hidden = false;
    submitter.classList.add("is-done");
  }

  async function sheet(form, submitter) {
    const answer = send(form, submitter);
    try {
      const link = await answer;
      await navigator.share({ text: link.text, url: link.short_url });
      toast(link.said);
      show(link, submitter);
    } catch (error) {
      if (error.name === "AbortError") return;
      const link = await answer.catch(() => null);
      if (link && (await copy(Promise.resolve(link.copy)))) toast(link.said_by_hand);
    }
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.hasAttribute("data-share") || !event.submitter || event.submitter.hasAttribute("data-page")) return;
    event.preventDefault();
    if (event.submitter.hasAttribute("data-sheet")) sheet(form, event.submitter);
    else share(form, event.submitter);
  });

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy], [data-print], [data-fill]");
    if (!button) return;
    if (button.hasAttribute("data-fill")) {
      const field = document.getElementById("text");
      field.value = button.dataset.fill;
      field.focus();
      return;
    }
    if (button.hasAttribute("data-print")) {
      window.print();
      return;
    }
    const what = button.dataset.copy;
    const field = what.startsWith("#") ? document.querySelector(what) : null;
    const copied = await copy(Promise.resolve(field ? field.value : what));
    if (copied) toast(button.dataset.said);
    else if (field) field.select();
  });

  // A navigation that is wider than the screen begins where one is.
  for (const here of document.querySelectorAll(".areas [aria-current], .bar [aria-current]")) {
    here.scrollIntoView({ block: "nearest", inline: "center" });
  }
  for (const one of document.querySelectorAll("[data-needs-js]")) one.hidden = false;
  if (navigator.share) for (const one of document.querySelectorAll("[data-sheet]")) one.hidden = false;

  window.relais = { toast };
})();
