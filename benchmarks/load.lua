-- What wrk sends: the lines of a file, one after the other, and then from the first again.
-- A line: METHOD <tab> PATH <tab> COOKIES <tab> TOKEN <tab> BODY. Prints one line of JSON.

local requests, number = {}, 0

function init(args)
   for line in io.lines(args[1]) do
      local method, path, cookies, token, body = line:match("^(.-)\t(.-)\t(.-)\t(.-)\t(.*)$")
      local headers = { ["Cookie"] = cookies, ["Host"] = "127.0.0.1" }
      if method == "POST" then
         headers["X-CSRFToken"] = token
         headers["Content-Type"] = "application/x-www-form-urlencoded"
      else
         body = nil
      end
      requests[#requests + 1] = wrk.format(method, path, headers, body)
   end
end

function request()
   number = number % #requests + 1
   return requests[number]
end

function done(summary, latency, _)
   local errors = summary.errors
   print(string.format(
      '{"answers": %d, "seconds": %f, "p50": %f, "p99": %f, "slowest": %f, "refused": %d, "broken": %d}',
      summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3,
      latency:percentile(99) / 1e3, latency.max / 1e3, errors.status,
      errors.connect + errors.read + errors.write + errors.timeout))
end
