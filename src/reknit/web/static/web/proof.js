// A proof of work, so that filing a thousand enquiries costs a thousand times one. Nothing leaves
// the device but the number that was found; without this file one waits a little instead.
(function () {
  "use strict";
  var K = [], H0 = [];
  (function primes() {
    for (var n = 2, found = 0; found < 64; n++) {
      var prime = true;
      for (var d = 2; d * d <= n; d++) if (n % d === 0) { prime = false; break; }
      if (!prime) continue;
      if (found < 8) H0.push((Math.pow(n, 1 / 2) * 4294967296) | 0);
      K.push((Math.pow(n, 1 / 3) * 4294967296) | 0);
      found++;
    }
  })();
  // SHA-256 (FIPS 180-4) of a text of ASCII signs; the first two words, enough for 64 bits.
  function sha256(text) {
    var length = text.length, blocks = ((length + 8) >> 6) + 1, words = new Int32Array(blocks * 16), i, j;
    for (i = 0; i < length; i++) words[i >> 2] |= text.charCodeAt(i) << (24 - (i % 4) * 8);
    words[length >> 2] |= 128 << (24 - (length % 4) * 8);
    words[blocks * 16 - 1] = length * 8;
    var h = H0.slice(), w = new Int32Array(64);
    for (i = 0; i < words.length; i += 16) {
      var a = h[0], b = h[1], c = h[2], d = h[3], e = h[4], f = h[5], g = h[6], k = h[7];
      for (j = 0; j < 64; j++) {
        if (j < 16) w[j] = words[i + j];
        else {
          var x = w[j - 15], y = w[j - 2];
          w[j] = (w[j - 16] + w[j - 7] + ((x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ (x >>> 3)) +
            ((y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ (y >>> 10))) | 0;
        }
        var t1 = (k + ((e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7)) +
          ((e & f) ^ (~e & g)) + K[j] + w[j]) | 0;
        var t2 = (((a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10)) +
          ((a & b) ^ (a & c) ^ (b & c))) | 0;
        k = g; g = f; f = e; e = (d + t1) | 0; d = c; c = b; b = a; a = (t1 + t2) | 0;
      }
      h[0] = (h[0] + a) | 0; h[1] = (h[1] + b) | 0; h[2] = (h[2] + c) | 0; h[3] = (h[3] + d) | 0;
      h[4] = (h[4] + e) | 0; h[5] = (h[5] + f) | 0; h[6] = (h[6] + g) | 0; h[7] = (h[7] + k) | 0;
    }
    return h;
  }
  function fits(hash, bits) {
    if (bits > 32) return hash[0] === 0 && Math.clz32(hash[1]) >= bits - 32;
    return Math.clz32(hash[0]) >= bits;
  }
  document.querySelectorAll("form[data-proof]").forEach(function (form) {
    var challenge = form.elements.challenge, bits = Number(challenge.dataset.bits), n = 0, wanted = false;
    var working = form.querySelector("[data-working]");
    function work() {
      var end = Date.now() + 40;
      while (Date.now() < end) {
        if (fits(sha256(challenge.value + ":" + n), bits)) {
          form.elements.proof.value = String(n);
          if (wanted) form.submit();
          return;
        }
        n++;
      }
      window.setTimeout(work, 0);
    }
    form.addEventListener("submit", function (event) {
      if (form.elements.proof.value !== "") return;
      event.preventDefault();
      event.stopPropagation();
      wanted = true;
      working.textContent = working.dataset.working;
    });
    work();
  });
})();
