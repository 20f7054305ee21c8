// The family as a picture: drawn only when somebody asks for it, from the page's own data.
(function () {
  "use strict";
  var button = document.querySelector("[data-family]");
  var place = document.getElementById("family-graph");
  if (!button || !place) return;
  button.hidden = false;
  button.addEventListener("click", function () {
    button.disabled = true;
    load(button.dataset.script)
      .then(function () { return fetch(button.dataset.graph, { credentials: "same-origin" }); })
      .then(function (answer) { if (!answer.ok) throw new Error("no data"); return answer.json(); })
      .then(draw)
      .catch(function () {
        place.hidden = true;
        document.querySelector(".family-failed").textContent = button.dataset.failed;
      });
  });

  function load(address) {
    return new Promise(function (resolve, reject) {
      // Cytoscape adds a style of its own, which the policy forbids, unless this id is there.
      var marker = document.createElement("meta");
      marker.id = "__________cytoscape_stylesheet";
      document.head.appendChild(marker);
      var script = document.createElement("script");
      script.src = address;
      script.onload = resolve;
      script.onerror = reject;
      document.head.appendChild(script);
    });
  }

  function colour(name) {
    return window.getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  }

  function draw(graph) {
    place.hidden = false;
    var text = { "label": "data(label)", "color": colour("--ink"), "font-size": 13,
      "font-family": window.getComputedStyle(document.body).fontFamily };
    window.cytoscape({
      container: place,
      elements: graph,
      userZoomingEnabled: false,
      layout: { name: "concentric", animate: false, padding: 30, minNodeSpacing: 60, spacingFactor: 1.4,
        concentric: function (node) { return node.id() === "n0" ? 2 : 1; },
        levelWidth: function () { return 1; } },
      style: [
        { selector: "node", style: Object.assign({ "background-color": colour("--tblr-primary"),
          "text-valign": "bottom", "text-margin-y": 6, "text-wrap": "wrap", "text-max-width": 130,
          "width": 26, "height": 26 }, text) },
        { selector: "node[kind = 'sought']", style: { "width": 40, "height": 40 } },
        { selector: "node[kind = 'seeker']", style: { "shape": "diamond" } },
        { selector: "node[kind = 'found']", style: { "shape": "round-rectangle" } },
        { selector: "edge", style: Object.assign({ "line-color": colour("--line"), "width": 2,
          "curve-style": "bezier", "text-background-color": colour("--paper"),
          "text-background-opacity": 1, "text-background-padding": 3 }, text,
          { "font-size": 11 }) }
      ]
    });
    button.hidden = true;
  }
})();
