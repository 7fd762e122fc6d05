// Follows a build: fetches this page again until the build has ended, and replaces the parts that differ.
// Without this script the page reloads itself every few seconds.
"use strict";
(() => {
  const PAUSE = 400; // milliseconds
  const body = document.body;

  function exchange(page) {
    for (const part of document.querySelectorAll("[data-part]")) {
      const newer = page.querySelector(`[data-part="${part.dataset.part}"]`);
      if (!newer || newer.innerHTML === part.innerHTML) continue;
      const hadFocus = part.contains(document.activeElement);
      part.replaceChildren(...newer.childNodes);
      const next = hadFocus && part.querySelector("a[href], button");
      if (next) next.focus({ preventScroll: true });
    }
    body.dataset.build = page.body.dataset.build;
  }

  async function follow() {
    try {
      const answer = await fetch(location.href, { cache: "no-store" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (!page.body.dataset.build) return void location.reload();
      exchange(page);
    } catch {
      // The server does not answer: try again.
    }
    if (body.dataset.build === "running") setTimeout(follow, PAUSE);
  }

  if (body.dataset.build === "running") setTimeout(follow, PAUSE);
})();
