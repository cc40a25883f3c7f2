"""A fault-injecting TCP proxy that speaks Toxiproxy's HTTP API, so its clients drive it.

Owns     nothing in the database; connections and toxics live in memory and are bounded.
Promises a toxic reaches connections that are already open; whether it applies is decided once
         per connection; latency delays without throttling; the control never waits for data; a
         stream that lost bytes is closed, never continued; loopback only.
Not      for use beside real people: it exists to do harm on purpose.
"""
