-- wrk: each request of the file is sent once; when they are used up, the thread only reads.
-- Line: METHOD<tab>PATH<tab>COOKIE<tab>CSRF<tab>PASS<tab>BODY
local all = {}
local at = 0
local threads = {}
local answered = { ok = 0, full = 0, other = 0 }

function setup(thread)
  thread:set("number", #threads)
  table.insert(threads, thread)
end

function init(args)
  local path, count = args[1], tonumber(args[2])
  local n = 0
  for line in io.lines(path) do
    if n % count == number then all[#all + 1] = line end
    n = n + 1
  end
  ok, refused, other = 0, 0, 0
end

local function split(line)
  local parts = {}
  for part in string.gmatch(line .. "\t", "([^\t]*)\t") do parts[#parts + 1] = part end
  return parts
end

function request()
  at = at + 1
  if at > #all then
    wrk.thread:stop()
    return wrk.format("GET", "/healthz")
  end
  local p = split(all[at])
  return wrk.format(p[1], p[2], {
    ["Cookie"] = p[3], ["X-CSRFToken"] = p[4], ["X-Standvast-Pass"] = p[5],
    ["Content-Type"] = "application/json", ["Host"] = wrk.headers["Host"],
  }, p[6])
end

function response(status)
  if status == 200 or status == 201 then ok = ok + 1
  elseif status == 409 then refused = refused + 1
  else other = other + 1 end
end

function done(summary, latency)
  local good, no, bad = 0, 0, 0
  for _, thread in ipairs(threads) do
    good = good + thread:get("ok")
    no = no + thread:get("refused")
    bad = bad + thread:get("other")
  end
  io.write(string.format("RESULT %d %d %d %d %.3f %.3f %.3f\n", good, no, bad,
    summary.duration, latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout))
end
