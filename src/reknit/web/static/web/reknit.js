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
  // A list that changes by itself says so to screen readers through its own role=status.
  document.addEventListener("htmx:responseError", function (event) {
    if (event.detail.xhr.status === 403 || event.detail.xhr.status === 401) window.location.reload();
  });
})();
