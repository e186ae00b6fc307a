// client_probe URL: does with jina::Client what each line of standard input says in JSON, and answers with a line of JSON.
//
//   {"do": "post", "on": "/upper", "docs": [{"id": "a", "text": "x"}], "options": {"request_size": 2}}
//   -> {"docs": [...], "events": ["done", "always"]}  or  {"failed": "UNAVAILABLE", "message": "..."}
//
// Thread: the main thread and the client's own.
#include <boost/json.hpp>
#include <iostream>

#include "jina/client.hpp"

namespace {

namespace json = boost::json;

jina::DocumentArray documents(const json::array& list) {
  jina::DocumentArray docs;
  for (const auto& item : list) {
    jina::Document doc;
    const auto& fields = item.as_object();
    if (const auto* id = fields.if_contains("id")) doc.id = std::string(id->as_string());
    if (const auto* text = fields.if_contains("text")) doc.set_text(std::string(text->as_string()));
    if (const auto* tags = fields.if_contains("tags")) doc.tags = tags->as_object();
    if (const auto* blob = fields.if_contains("blob_size"))
      doc.set_blob(jina::Bytes::take(std::string(static_cast<std::size_t>(blob->as_int64()), 'b')));
    docs.push_back(std::move(doc));
  }
  return docs;
}

json::array as_json(const jina::DocumentArray& docs) {
  json::array out;
  for (const auto& doc : docs)
    out.push_back(json::object{{"id", doc.id}, {"text", doc.text()}, {"tags", doc.tags}, {"blob_size", doc.blob().size()}});
  return out;
}

json::object as_json(const jina::Response& answer) {
  json::object out{{"request_id", answer.request_id},
                   {"endpoint", answer.exec_endpoint},
                   {"docs", as_json(answer.docs)},
                   {"parameters", answer.parameters}};
  json::array routes;
  for (const auto& route : answer.routes) routes.emplace_back(route.executor);
  out["routes"] = std::move(routes);
  if (answer.error)
    out["error"] = json::object{
        {"name", answer.error->name}, {"description", answer.error->description}, {"executor", answer.error->executor}};
  return out;
}

jina::PostOptions post_options(const json::object& from, json::array& events) {
  jina::PostOptions options;
  for (const auto& [key, value] : from) {
    if (key == "parameters") options.parameters = value.as_object();
    if (key == "request_size") options.request_size = static_cast<std::size_t>(value.as_int64());
    if (key == "target_executor") options.target_executor = std::string(value.as_string());
    if (key == "results_in_order") options.results_in_order = value.as_bool();
    if (key == "stream") options.stream = value.as_bool();
    if (key == "continue_on_error") options.continue_on_error = value.as_bool();
    if (key == "max_attempts") options.max_attempts = static_cast<int>(value.as_int64());
    if (key == "initial_backoff") options.initial_backoff = std::chrono::milliseconds(value.as_int64());
    if (key == "max_backoff") options.max_backoff = std::chrono::milliseconds(value.as_int64());
    if (key == "prefetch") options.prefetch = static_cast<int>(value.as_int64());
    if (key == "timeout") options.timeout = std::chrono::milliseconds(value.as_int64());
    if (key == "request_id") options.request_id = std::string(value.as_string());
    if (key == "on_done") options.on_done = [&events](const jina::Response&) { events.emplace_back("done"); };
    if (key == "on_error") options.on_error = [&events](const jina::Response&) { events.emplace_back("error"); };
    if (key == "on_always") options.on_always = [&events](const jina::Response&) { events.emplace_back("always"); };
  }
  return options;
}

json::object answer(jina::Client& client, const json::object& order) {
  json::object out;
  json::array events;
  const std::string what(order.at("do").as_string());
  if (what == "ready") return {{"ready", client.is_flow_ready()}};
  const std::string on(order.at("on").as_string());
  const json::object none;
  const auto* given = order.if_contains("options");
  auto options = post_options(given == nullptr ? none : given->as_object(), events);
  jina::Inputs inputs;
  if (const auto* docs = order.if_contains("docs")) inputs = documents(docs->as_array());
  if (const auto* count = order.if_contains("generate"))
    inputs = jina::Inputs([left = count->as_int64(), at = std::int64_t{0}]() mutable -> std::optional<jina::Document> {
      if (at == left) return std::nullopt;
      ++at;
      return jina::Document{{.id = "d" + std::to_string(at - 1), .text = "text " + std::to_string(at - 1)}};
    });
  if (what == "post") out["docs"] = as_json(client.post(on, std::move(inputs), std::move(options)));
  if (what == "post_responses" || what == "stream") {
    json::array answers;
    if (what == "stream")
      for (const auto& one : client.stream(on, std::move(inputs), std::move(options))) answers.push_back(as_json(one));
    else
      for (const auto& one : client.post_responses(on, std::move(inputs), std::move(options))) answers.push_back(as_json(one));
    out["answers"] = std::move(answers);
  }
  if (what == "stream_doc") {
    json::array docs;
    auto doc = documents(order.at("docs").as_array()).front();
    for (const auto& one : client.stream_doc(on, std::move(doc), std::move(options))) {
      if (one.error) throw jina::ExecutorFailed(*one.error);
      for (auto& item : as_json(one.docs)) docs.push_back(item);
    }
    out["docs"] = std::move(docs);
  }
  out["events"] = std::move(events);
  return out;
}

}  // namespace

int main(int, char** argv) {
  jina::Client client(argv[1]);
  std::string line;
  while (std::getline(std::cin, line)) {
    json::object out;
    try {
      out = answer(client, json::parse(line).as_object());
    } catch (const jina::RequestFailed& failed) {
      out = {{"failed", jina::to_string(failed.status().code)}, {"message", failed.status().message}};
    } catch (const jina::ExecutorFailed& failed) {
      out = {{"failed", "EXECUTOR"}, {"message", failed.what()}, {"description", failed.error().description}};
    } catch (const std::exception& error) {
      out = {{"failed", "OTHER"}, {"message", error.what()}};
    }
    std::cout << json::serialize(out) << std::endl;
  }
  return 0;
}
