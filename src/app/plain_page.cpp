#include "app/plain_page.hpp"

namespace jina::app {

const std::string_view kPlainPage = R"html(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>TITLE</title>
<link rel="icon" href="data:,">
<style>
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; color: #222; background: #fff; }
h1 small { color: #666; font-size: 1rem; font-weight: normal; }
details { border: 1px solid #ccc; border-radius: 4px; margin: .5rem 0; padding: .5rem 1rem; }
summary { cursor: pointer; }
summary b { display: inline-block; min-width: 4.5rem; }
textarea { box-sizing: border-box; font: 14px/1.4 monospace; min-height: 9rem; width: 100%; }
pre { background: #f4f4f4; overflow: auto; padding: .5rem; white-space: pre-wrap; word-break: break-word; }
button { font: inherit; padding: .25rem 1rem; }
</style>
</head>
<body>
<h1 id="title"></h1>
<p id="description"></p>
<p><a href="OPENAPI">openapi.json</a></p>
<div id="operations">Loading…</div>
<script>
"use strict";
function make(tag, text) {
  const node = document.createElement(tag);
  if (text) node.textContent = text;
  return node;
}
// An example body from a schema: defaults and examples where there are any.
function sample(schema) {
  const body = {};
  for (const [name, property] of Object.entries(schema.properties || {})) {
    if (property.examples) body[name] = property.examples[0];
    else if (property.default !== undefined) body[name] = property.default;
  }
  return JSON.stringify(body, null, 2);
}
function show(spec, path, method, operation) {
  const box = make("details");
  const line = make("summary");
  line.append(make("b", method.toUpperCase()), make("code", path), make("span", " " + (operation.summary || "")));
  box.append(line);
  if (operation.description) box.append(make("p", operation.description));
  let input = null;
  if (operation.requestBody) {
    const reference = operation.requestBody.content["application/json"].schema["$ref"].split("/").pop();
    input = make("textarea");
    input.value = sample(spec.components.schemas[reference]);
    input.setAttribute("aria-label", "request body");
    box.append(input);
    if (method === "get") box.append(make("p", "A browser cannot send a body with GET; use another client for this one."));
  }
  const button = make("button", "Send");
  const status = make("p");
  const answer = make("pre");
  answer.hidden = true;
  button.addEventListener("click", async () => {
    status.textContent = "Waiting for the answer…";
    try {
      const options = {method: method.toUpperCase()};
      if (input && method !== "get") Object.assign(options, {headers: {"content-type": "application/json"}, body: input.value});
      const response = await fetch(new URL(path.slice(1), document.baseURI), options);
      const text = await response.text();
      status.textContent = response.status + " " + response.statusText;
      answer.hidden = false;
      try { answer.textContent = JSON.stringify(JSON.parse(text), null, 2); } catch { answer.textContent = text; }
    } catch (error) {
      status.textContent = "No answer: " + error.message;
    }
  });
  box.append(button, status, answer);
  return box;
}
async function load() {
  const list = document.getElementById("operations");
  try {
    const spec = await (await fetch("OPENAPI")).json();
    const title = document.getElementById("title");
    title.append(make("span", spec.info.title + " "), make("small", spec.info.version));
    document.getElementById("description").textContent = spec.info.description || "";
    list.textContent = "";
    for (const [path, operations] of Object.entries(spec.paths))
      for (const [method, operation] of Object.entries(operations)) list.append(show(spec, path, method, operation));
  } catch (error) {
    list.textContent = "openapi.json could not be read: " + error.message;
  }
}
load();
</script>
</body>
</html>
)html";

}  // namespace jina::app
