-- Every peer gets the same request bytes. The path comes from the URL, the session from the environment.
local field = os.getenv("TRIAL_FIELD")
wrk.headers[field] = os.getenv("TRIAL_VALUE")
wrk.headers["User-Agent"] = "trial"
wrk.headers["Accept"] = "*/*"

-- With a file of sessions the requests are written beforehand, one for each, and sent in turn, from the first that is asked
-- for or from anywhere.
local requests, turn = {}, 0
local file = os.getenv("TRIAL_VALUES")

function init(_)
    if not file then return end
    for value in io.lines(file) do
        requests[#requests + 1] = wrk.format(nil, nil, { [field] = value, ["User-Agent"] = "trial",
            ["Accept"] = "*/*", ["Host"] = wrk.headers["Host"] })
    end
    math.randomseed(os.time())
    turn = tonumber(os.getenv("TRIAL_FIRST")) or math.random(#requests)
end

if file then
    function request()
        turn = turn % #requests + 1
        return requests[turn]
    end
end

-- With a pause every connection waits before each request, for half to one and a half of so many milliseconds at random:
-- a steady rate without bursts. wrk does not count the pause as latency.
local pause = tonumber(os.getenv("TRIAL_PAUSE"))

if pause then
    function delay()
        return math.random(math.floor(pause / 2), math.ceil(pause * 3 / 2))
    end
end

function done(summary, latency, _)
    local errors = summary.errors
    local bad = errors.connect + errors.read + errors.write + errors.status + errors.timeout
    io.write(string.format(
        '\n@{"requests":%d,"seconds":%.6f,"bytes":%d,"bad":%d,"p50us":%d,"p99us":%d}\n',
        summary.requests, summary.duration / 1e6, summary.bytes, bad,
        latency:percentile(50), latency:percentile(99)))
end
