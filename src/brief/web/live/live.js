// Follows the author's files: when they change, fetches this page again and replaces the parts that differ.
// Without this script the page works too, but must be reloaded by hand.
"use strict";
(() => {
  const body = document.body;
  const status = document.getElementById("status");
  const room = `brief-live ${location.pathname.split("/")[1]}`;
  const channel = new BroadcastChannel(room);
  const RETRY = 1000; // milliseconds
  let shown = body.dataset.state; // the state of the files that the page shows
  let latest = shown; // the newest state that the server has reported
  let markup = takeMarkup(document); // of each part and row as the server sent it, regardless of what the reader has opened
  let running = null; // aborts the request under way
  let timer = 0;
  const near = new IntersectionObserver(
    (sheets) => {
      for (const { isIntersecting, target } of sheets) {
        if (!isIntersecting) continue;
        near.unobserve(target);
        loadSheet(target);
      }
    },
    { rootMargin: "100% 0%" },
  );

  function say(now) {
    status.dataset.now = now;
    if (status.textContent !== status.dataset[now]) status.textContent = status.dataset[now];
  }

  function listPieces(page) {
    return page.querySelectorAll("[data-part], #rows > .row");
  }

  function nameOf(piece) {
    return piece.dataset.part || piece.id;
  }

  function takeMarkup(page) {
    return new Map(Array.from(listPieces(page), (piece) => [nameOf(piece), piece.outerHTML]));
  }

  function receive(state) {
    latest = state;
    if (latest !== shown) update();
    else if (!running) say("following");
  }

  async function update() {
    // A hidden page is fetched when it becomes visible.
    if (document.hidden) return;
    clearTimeout(timer);
    if (running) running.abort();
    const own = (running = new AbortController());
    say("updating");
    try {
      const answer = await fetch(location.href, { signal: own.signal, cache: "no-store", headers: { "Brief-Inspection": "later" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (own.signal.aborted) return;
      if (!page.body.dataset.page) throw new Error(`status ${answer.status}`);
      running = null;
      if (page.body.dataset.page !== body.dataset.page) return void location.reload();
      exchange(page);
      say("following");
    } catch (problem) {
      if (own.signal.aborted) return;
      running = null;
      say("lost");
      timer = setTimeout(update, RETRY);
    }
  }

  function exchange(page) {
    const place = findPlace();
    const focus = findFocus();
    const next = takeMarkup(page);
    exchangeStyle(page);
    for (const part of document.querySelectorAll("[data-part]")) {
      const newer = page.querySelector(`[data-part="${part.dataset.part}"]`);
      if (newer && markup.get(nameOf(part)) !== next.get(nameOf(part))) exchangePiece(part, newer);
    }
    exchangeRows(page, next);
    markup = next;
    shown = page.body.dataset.state;
    body.dataset.state = shown;
    restoreFocus(focus);
    restorePlace(place);
  }

  function exchangeRows(page, next) {
    const rows = document.getElementById("rows");
    const newer = page.getElementById("rows");
    if (!rows || !newer) return;
    for (const row of [...rows.children]) if (!next.has(row.id)) row.remove();
    rows.className = newer.className;
    let at = rows.firstElementChild;
    for (const row of [...newer.children]) {
      const known = document.getElementById(row.id);
      if (known && at === known) at = at.nextElementSibling;
      else if (known) rows.insertBefore(known, at);
      if (!known) {
        rows.insertBefore(row, at);
        row.classList.add("fresh");
      } else if (markup.get(row.id) !== next.get(row.id)) {
        exchangePiece(known, row);
        row.classList.add("fresh");
      } else {
        known.classList.remove("fresh");
      }
    }
  }

  function exchangePiece(old, newer) {
    // A picture that is moved to another document is loaded again.
    document.adoptNode(newer);
    for (const each of old.querySelectorAll("details[open]")) {
      const same = each.id && newer.querySelector(`#${CSS.escape(each.id)}`);
      if (same) same.open = true;
    }
    // Pages keep their size and their old picture until the new one has loaded.
    const sheets = [...old.querySelectorAll(".sheet img")];
    // Before the first one is moved, which moves the others on the screen.
    const inSight = new Set(sheets.filter(isInSight));
    for (const sheet of sheets) {
      const same = newer.querySelector(`#${CSS.escape(sheet.id)}`);
      if (!same) continue;
      if (same.getAttribute("src") !== sheet.getAttribute("src")) {
        exchangeSheet(sheet, same, inSight.has(sheet));
        continue;
      }
      delete sheet.dataset.next;
      same.replaceWith(sheet);
    }
    old.replaceWith(newer);
  }

  function isInSight(element) {
    const { top, bottom } = element.getBoundingClientRect();
    return bottom > 0 && top < innerHeight;
  }

  function exchangeSheet(sheet, newer, isSeen) {
    const source = newer.getAttribute("src");
    sheet.dataset.next = source;
    sheet.width = newer.width;
    sheet.height = newer.height;
    sheet.alt = newer.alt;
    newer.replaceWith(sheet);
    // Pictures of other pages would delay those that the reader sees.
    near.unobserve(sheet);
    if (isSeen) {
      loadSheet(sheet);
    } else if (!sheet.naturalWidth) {
      delete sheet.dataset.next;
      sheet.src = source;
    } else {
      near.observe(sheet);
    }
  }

  function loadSheet(sheet) {
    const source = sheet.dataset.next;
    if (!source) return;
    const loaded = new Image();
    loaded.onload = () => {
      if (sheet.dataset.next !== source) return;
      // A lazy picture would be empty until the browser has noticed again that it is in sight.
      sheet.loading = "eager";
      sheet.src = source;
      delete sheet.dataset.next;
    };
    loaded.src = source;
  }

  function exchangeStyle(page) {
    const style = document.getElementById("style");
    const newer = page.getElementById("style");
    if (!style || !newer || style.getAttribute("href") === newer.getAttribute("href")) return;
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = newer.getAttribute("href");
    link.onload = () => style.remove();
    style.removeAttribute("id");
    link.id = "style";
    document.head.append(link);
  }

  // The first visible row or page and its distance from the top of the window, because the content above it may change size.
  function findPlace() {
    for (const each of document.querySelectorAll(".row, .sheet img")) {
      const box = each.getBoundingClientRect();
      if (box.bottom > 0) return { id: each.id, top: box.top, isFirst: scrollY === 0 };
    }
    return null;
  }

  function restorePlace(place) {
    const found = place && !place.isFirst && document.getElementById(place.id);
    if (found) scrollBy({ top: found.getBoundingClientRect().top - place.top, behavior: "instant" });
  }

  function findFocus() {
    const active = document.activeElement;
    const piece = active && active.closest("[data-part], #rows > .row");
    if (!piece) return null;
    return { name: nameOf(piece), at: listFocusable(piece).indexOf(active) };
  }

  function restoreFocus(focus) {
    if (!focus || document.activeElement !== body) return;
    const piece = [...listPieces(document)].find((each) => nameOf(each) === focus.name);
    const target = piece && listFocusable(piece)[focus.at];
    if (target) target.focus({ preventScroll: true });
  }

  function listFocusable(piece) {
    return [...piece.querySelectorAll("a[href], summary, [tabindex]")];
  }

  // Browsers permit six connections to a server, so one tab receives the events for all tabs.
  function listen() {
    const source = new EventSource(body.dataset.events);
    source.addEventListener("change", ({ data }) => {
      channel.postMessage({ state: data });
      receive(data);
    });
    source.onerror = () => {
      channel.postMessage({ isLost: true });
      say("lost");
    };
    channel.addEventListener("message", ({ data }) => {
      if (data.isNew) channel.postMessage(source.readyState === EventSource.OPEN ? { state: latest } : { isLost: true });
    });
  }

  channel.addEventListener("message", ({ data }) => {
    if (data.state) receive(data.state);
    else if (data.isLost) say("lost");
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && latest !== shown) update();
  });
  if (navigator.locks) navigator.locks.request(room, () => new Promise(listen));
  else listen();
  channel.postMessage({ isNew: true });
})();
