-- What wrk posts in the case `short`, on a new connection each time.
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Connection"] = "close"
wrk.body = '{"text":"hello"}'
