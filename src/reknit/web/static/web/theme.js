// Before the first paint: follow the device's colours unless the reader chose.
(function () {
  var root = document.documentElement;
  if (root.dataset.themeWanted !== "auto") return;
  var dark = window.matchMedia("(prefers-color-scheme: dark)");
  function follow() { root.setAttribute("data-bs-theme", dark.matches ? "dark" : "light"); }
  follow();
  dark.addEventListener("change", follow);
})();
