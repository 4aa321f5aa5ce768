-- Every peer gets the same request bytes. The path comes from the URL, the session from the environment.
wrk.headers[os.getenv("TRIAL_FIELD")] = os.getenv("TRIAL_VALUE")
wrk.headers["User-Agent"] = "trial"
wrk.headers["Accept"] = "*/*"

function done(summary, latency, _)
    local errors = summary.errors
    local bad = errors.connect + errors.read + errors.write + errors.status + errors.timeout
    io.write(string.format(
        '\n@{"requests":%d,"seconds":%.6f,"bytes":%d,"bad":%d,"p50us":%d,"p99us":%d}\n',
        summary.requests, summary.duration / 1e6, summary.bytes, bad,
        latency:percentile(50), latency:percentile(99)))
end
