-- Requests for wrk: every code in turn, asked for by people with ordinary browsers.
-- Usage: wrk -s peers.lua URL -- CODES
-- Only people: a preview robot would be given a card by Relais and a redirect by the others.

local agents = {
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
  "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
  "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36",
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15",
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:127.0) Gecko/20100101 Firefox/127.0",
}
local referrers = {
  "https://www.linkedin.com/", "https://www.linkedin.com/feed/", "https://l.facebook.com/", "https://t.co/4bVxYt2QpL",
}
local languages = { "fr-FR,fr;q=0.9,en-US;q=0.8,en;q=0.7", "en-GB,en;q=0.9", "de-DE,de;q=0.9,en;q=0.6" }

local requests = {}
local count = 0
local at = 0

function init(args)
  for code in io.lines(args[1]) do
    count = count + 1
    requests[count] = wrk.format("GET", "/" .. code, {
      ["Host"] = wrk.headers["Host"],
      ["User-Agent"] = agents[count % #agents + 1],
      ["Referer"] = referrers[count % #referrers + 1],
      ["Accept-Language"] = languages[count % #languages + 1],
      ["Accept"] = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
      ["Accept-Encoding"] = "gzip, br",
    })
  end
end

function request()
  at = at % count + 1
  return requests[at]
end

function done(summary)
  local errors = summary.errors
  io.write(string.format("measured %.1f %d\n", summary.requests / (summary.duration / 1e6),
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
