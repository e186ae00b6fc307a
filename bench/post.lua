-- POST /post with one short Document, for wrk.
wrk.method = "POST"
wrk.path = "/post"
wrk.headers["content-type"] = "application/json"
wrk.body = '{"data":[{"id":"d1","text":"hello world"}],"execEndpoint":"/"}'
