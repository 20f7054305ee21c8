// Keys on the review screen: each presses the button or link that bears it. Without this file the
// buttons work as they are.
(function () {
  "use strict";
  var bearers = {};
  document.querySelectorAll("[data-key]").forEach(function (one) { bearers[one.dataset.key] = one; });
  function pressed(event) {
    var key = event.key.toLowerCase();
    if (bearers[key]) return bearers[key];
    // A keyboard in other letters: the place of the Latin letter counts, unless that sign has an act.
    if (key.length === 1 && key.charCodeAt(0) > 127 && /^Key[A-Z]$/.test(event.code)) return bearers[event.code.charAt(3).toLowerCase()];
    return null;
  }
  function isWriting(where) {
    return where && (/^(TEXTAREA|SELECT)$/.test(where.tagName) || (where.tagName === "INPUT" && where.type !== "submit") || where.isContentEditable);
  }
  document.addEventListener("keydown", function (event) {
    var where = document.activeElement;
    if (event.key === "Escape" && isWriting(where)) { where.blur(); return; }
    if (!document.body.dataset.keys || event.repeat || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (isWriting(where)) return;
    var bearer = pressed(event);
    if (!bearer) return;
    event.preventDefault();
    delete document.body.dataset.keys; // once a page
    bearer.click();
  });
  // A key that was pressed twice must not judge the next person unseen.
  window.setTimeout(function () { document.body.dataset.keys = "on"; }, 300);
})();
