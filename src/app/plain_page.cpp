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
label { display: block; margin: .25rem 0; }
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
// What a "$ref" stands for.
function resolve(spec, schema) {
  const reference = (schema || {})["$ref"];
  return reference ? spec.components.schemas[reference.split("/").pop()] : schema || {};
}
// An example body from a schema: defaults and examples where there are any.
function sample(spec, schema) {
  schema = resolve(spec, schema);
  if (schema.type === "array") return "[]";
  const body = {};
  for (const [name, property] of Object.entries(schema.properties || {})) {
    if (property.example !== undefined) body[name] = property.example;
    else if (property.examples) body[name] = property.examples[0];
    else if (property.default !== undefined) body[name] = property.default;
  }
  return JSON.stringify(body, null, 2);
}
function field(box, label, input, required) {
  const line = make("label", label + (required ? " *" : "") + " ");
  line.append(input);
  box.append(line);
  return input;
}
// Fields for the parameters; the function fills a request with what is in them. A browser sets cookies itself.
function parameters(box, operation) {
  const fields = (operation.parameters || []).filter(each => each.in !== "cookie").map(each => {
    const input = field(box, each.in + " " + each.name, make("input"), each.required);
    const value = each.schema && each.schema.default;
    if (value !== undefined) input.placeholder = JSON.stringify(value);
    return [each, input];
  });
  return (path, query, headers) => {
    for (const [each, input] of fields) {
      if (each.in === "path") path = path.replace("{" + each.name + "}", encodeURIComponent(input.value));
      else if (input.value === "") continue;
      else if (each.in === "query") query.append(each.name, input.value);
      else headers[each.name] = input.value;
    }
    return path;
  };
}
// A field for the body; the function gives what to send.
function body(box, spec, operation) {
  const content = (operation.requestBody || {}).content || {};
  const type = Object.keys(content)[0];
  if (!type) return () => ({});
  if (!type.includes("form")) {
    const input = make("textarea");
    input.value = sample(spec, content[type].schema);
    input.setAttribute("aria-label", "request body");
    box.append(input);
    return () => ({headers: {"content-type": type}, body: input.value});
  }
  const schema = resolve(spec, content[type].schema);
  const inputs = Object.entries(schema.properties || {}).map(([name, property]) => {
    const input = make("input");
    if (property.format === "binary" || (property.items || {}).format === "binary") input.type = "file";
    input.multiple = property.type === "array";
    return [name, field(box, name, input, (schema.required || []).includes(name))];
  });
  return () => {
    const form = type.startsWith("multipart") ? new FormData() : new URLSearchParams();
    for (const [name, input] of inputs) {
      if (input.type === "file") for (const file of input.files) form.append(name, file);
      else if (input.value !== "") form.append(name, input.value);
    }
    return {body: form};
  };
}
function show(spec, path, method, operation) {
  const box = make("details");
  const line = make("summary");
  line.append(make("b", method.toUpperCase()), make("code", path), make("span", " " + (operation.summary || "")));
  box.append(line);
  if (operation.description) box.append(make("p", operation.description));
  const fill = parameters(box, operation);
  const content = body(box, spec, operation);
  const bodiless = method === "get" || method === "head";
  if (operation.requestBody && bodiless) box.append(make("p", "A browser cannot send a body with GET; use another client for this one."));
  const button = make("button", "Send");
  const status = make("p");
  const answer = make("pre");
  answer.hidden = true;
  button.addEventListener("click", async () => {
    status.textContent = "Waiting for the answer…";
    try {
      const options = Object.assign({method: method.toUpperCase(), headers: {}}, bodiless ? {} : content());
      const query = new URLSearchParams();
      const url = new URL(fill(path, query, options.headers).slice(1), new URL("ROOT", document.baseURI));
      url.search = query;
      const response = await fetch(url, options);
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
