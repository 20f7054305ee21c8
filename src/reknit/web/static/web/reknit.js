// Small comforts; every page works without them.
(function () {
  "use strict";
  // A form that was sent is not sent twice.
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    window.setTimeout(function () { delete form.dataset.sent; }, 4000);
  });
  // "/" goes to the search field, where there is one and nobody is typing.
  document.addEventListener("keydown", function (event) {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (/^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName)) return;
    var field = document.querySelector("[data-search]");
    if (field) { event.preventDefault(); field.focus(); }
  });
  // The queue's lines: j and k go through them, Enter opens, x marks, r reviews its candidates. Links and boxes do the same.
  function lines() { return Array.prototype.slice.call(document.querySelectorAll("[data-rows] [data-row]")); }
  function stand(at) {
    lines().forEach(function (line, number) { line.classList.toggle("is-here", number === at); });
    var link = lines()[at].querySelector("[data-open]");
    link.focus({ preventScroll: true });
    lines()[at].scrollIntoView({ block: "nearest" });
  }
  // From the search field, an arrow down leads to the answers.
  document.addEventListener("keydown", function (event) {
    if (event.key !== "ArrowDown" || !document.activeElement.matches("[data-search]") || !lines().length) return;
    event.preventDefault();
    stand(0);
  });
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || !/^[jkrx]$/.test(event.key)) return;
    if (/^(TEXTAREA|SELECT)$/.test(document.activeElement.tagName)) return;
    if (document.activeElement.tagName === "INPUT" && document.activeElement.type !== "checkbox") return;
    var all = lines();
    if (!all.length) return;
    var here = all.findIndex(function (line) { return line.classList.contains("is-here"); });
    event.preventDefault();
    if (event.key === "j") stand(Math.min(here + 1, all.length - 1));
    else if (event.key === "k") stand(Math.max(here - 1, 0));
    else if (event.key === "r") {
      // The line that one stands on, else the first that has candidates.
      var review = (here >= 0 ? all[here] : document).querySelector("[data-review]");
      if (review) review.click();
    } else if (here >= 0) {
      var box = all[here].querySelector("[data-mark]");
      if (box) box.checked = !box.checked;
    }
  });
  // A passkey that the browser refused: allauth tells nobody but the console.
  document.addEventListener("allauth.error", function (event) {
    var said = document.querySelector("[data-passkey-refused]");
    if (!said) return;
    event.preventDefault();
    said.hidden = false;
    said.scrollIntoView({ block: "nearest" });
  });
  // A list that changes by itself says so to screen readers through its own role=status.
  document.addEventListener("htmx:responseError", function (event) {
    if (event.detail.xhr.status === 403 || event.detail.xhr.status === 401) window.location.reload();
  });
  // A table that is wider than the window can be scrolled by keyboard too, where it is.
  function reach() {
    document.querySelectorAll(".table-wrap").forEach(function (wrap) {
      if (wrap.scrollWidth > wrap.clientWidth) wrap.tabIndex = 0;
      else wrap.removeAttribute("tabindex");
    });
  }
  document.addEventListener("DOMContentLoaded", reach);
  document.addEventListener("htmx:afterSettle", reach);
  window.addEventListener("resize", reach);
})();
