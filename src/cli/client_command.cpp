// `jina client`: sends Documents to a gateway or an Executor and shows the answers.
#include <algorithm>
#include <boost/json/serialize.hpp>
#include <ostream>

#include "base/await_callback.hpp"
#include "cli/client_input.hpp"
#include "cli/client_output.hpp"
#include "cli/command.hpp"
#include "cli/protocol_hint.hpp"
#include "cli/tls_options.hpp"
#include "cli/wait.hpp"
#include "client/document_stream.hpp"
#include "client/post_run.hpp"

namespace jina::cli {
namespace {

using config::OptionKind;

const config::OptionSet& client_options() {
  static const config::OptionSet set = [] {
    config::OptionSet options;
    const auto request = "Request";
    options.add({.names = {"endpoint", "on"}, .help = "endpoint of the Executors", .fallback = "/", .group = request});
    options.add({.names = {"text"},
                 .kind = OptionKind::kTextList,
                 .help = "text of a Document; several make several Documents",
                 .group = request});
    options.add({.names = {"json", "input"},
                 .help = "JSON file (- for standard input): a body of POST /post, a list of Documents, or one Document",
                 .group = request,
                 .placeholder = "FILE"});
    options.add({.names = {"jsonl"},
                 .help = "file (- for standard input) with a Document in JSON on each line, read as they are sent",
                 .group = request,
                 .placeholder = "FILE"});
    options.add({.names = {"lines"},
                 .help = "file (- for standard input) with the text of a Document on each line, read as they are sent",
                 .group = request,
                 .placeholder = "FILE"});
    options.add({.names = {"files"},
                 .kind = OptionKind::kTextList,
                 .help = "files, each of which becomes the blob of a Document",
                 .group = request});
    options.add({.names = {"parameters"}, .kind = OptionKind::kKeyValues, .help = "parameters of the request", .group = request});
    options.add({.names = {"target-executor"}, .help = "only Executors whose name matches this expression", .group = request});
    options.add({.names = {"request-size"},
                 .kind = OptionKind::kInteger,
                 .help = "Documents per request; 0 for all in one",
                 .fallback = 100,
                 .group = request});
    options.add({.names = {"stream-doc"},
                 .kind = OptionKind::kFlag,
                 .help = "one Document to a generator endpoint; prints each Document as it comes",
                 .fallback = false,
                 .group = request});
    const auto to = "Where to";
    options.add({.names = {"host", "host-in"}, .help = "when no URL is given", .fallback = "0.0.0.0", .group = to});
    options.add(
        {.names = {"port", "ports"}, .kind = OptionKind::kPorts, .help = "when no URL is given; 80, or 443 with TLS", .group = to});
    options.add({.names = {"protocol"},
                 .kind = OptionKind::kChoice,
                 .help = "when no URL is given",
                 .fallback = "GRPC",
                 .choices = {"GRPC", "HTTP", "WEBSOCKET"},
                 .group = to});
    add_tls_options(options, to);
    options.add({.names = {"unary"},
                 .kind = OptionKind::kFlag,
                 .help = "gRPC: one unary call instead of a stream",
                 .fallback = false,
                 .group = to});
    options.add({.names = {"timeout"},
                 .kind = OptionKind::kInteger,
                 .help = "milliseconds for all of it; none when 0 or below",
                 .fallback = 0,
                 .group = to});
    options.add(
        {.names = {"metadata"}, .kind = OptionKind::kKeyValues, .help = "gRPC metadata or HTTP header fields", .group = to});
    options.add({.names = {"prefetch"},
                 .kind = OptionKind::kInteger,
                 .help = "requests in work at a time; over gRPC the gateway is told when it is given",
                 .fallback = 1000,
                 .group = to});
    options.add({.names = {"max-attempts"},
                 .kind = OptionKind::kInteger,
                 .help = "attempts for each request that gets no answer",
                 .fallback = 1,
                 .group = to});
    options.add({.names = {"initial-backoff"},
                 .kind = OptionKind::kInteger,
                 .help = "milliseconds before the second attempt",
                 .fallback = 500,
                 .group = to});
    options.add({.names = {"max-backoff"},
                 .kind = OptionKind::kInteger,
                 .help = "milliseconds before a later attempt, at most",
                 .fallback = 2000,
                 .group = to});
    options.add({.names = {"compression"},
                 .kind = OptionKind::kChoice,
                 .help = "gRPC: of what is sent",
                 .fallback = "NoCompression",
                 .choices = {"NoCompression", "Deflate", "Gzip"},
                 .group = to});
    const auto output = "Output";
    options.add({.names = {"output"},
                 .kind = OptionKind::kChoice,
                 .help = "each answer whole (response), a Document per line in JSON (documents), or a table of them",
                 .fallback = "response",
                 .choices = {"response", "documents", "table"},
                 .group = output});
    options.add({.names = {"return-responses"},
                 .kind = OptionKind::kFlag,
                 .help = "the same as --output response, as Jina's client calls it",
                 .fallback = false,
                 .group = output});
    options.add({.names = {"results-in-order"},
                 .kind = OptionKind::kFlag,
                 .help = "answers in the order of the inputs, not as they come",
                 .fallback = false,
                 .group = output});
    options.add({.names = {"continue-on-error"},
                 .kind = OptionKind::kFlag,
                 .help = "an Executor that raised does not end it; the exit code is 1 all the same",
                 .fallback = false,
                 .group = output});
    options.add({.names = {"show-progress"},
                 .kind = OptionKind::kFlag,
                 .help = "say on the terminal how far it is",
                 .fallback = false,
                 .group = output});
    options.add({.names = {"compact"},
                 .kind = OptionKind::kFlag,
                 .help = "the answer in one line, as it came",
                 .fallback = false,
                 .group = output});
    options.add(
        {.names = {"full"}, .kind = OptionKind::kFlag, .help = "also fields that are null", .fallback = false, .group = output});
    const auto jina = "Of Jina's client (accepted, without effect here)";
    options.add(
        {.names = {"asyncio"}, .kind = OptionKind::kFlag, .help = "", .fallback = false, .group = jina, .effective = false});
    options.add({.names = {"proxy"}, .kind = OptionKind::kFlag, .help = "", .fallback = false, .group = jina, .effective = false});
    options.add({.names = {"log-config"}, .help = "", .fallback = "default", .group = jina, .effective = false});
    options.add({.names = {"grpc-channel-options"}, .kind = OptionKind::kKeyValues, .help = "", .group = jina, .effective = false});
    options.add({.names = {"suppress-root-logging"},
                 .kind = OptionKind::kFlag,
                 .help = "",
                 .fallback = false,
                 .group = jina,
                 .effective = false});
    return options;
  }();
  return set;
}

Result<client::Target> where_to(const Invocation& call) {
  const auto& options = call.options;
  client::TargetDefaults defaults;
  defaults.host = options.text("host");
  if (const auto ports = options.ports("port"); !ports.empty()) defaults.port = ports.front();
  auto protocol = client::parse_protocol(options.text("protocol"));
  if (!protocol) return protocol.error();
  defaults.protocol = *protocol;
  return parse_tls_target(call.positionals.empty() ? options.text("host") : call.positionals.front(), defaults, options);
}

PostOptions post_options(const config::OptionBag& options, ClientInput& input) {
  PostOptions post;
  post.parameters = std::move(input.parameters);
  post.target_executor = std::move(input.target_executor);
  post.request_size = static_cast<std::size_t>(std::max<std::int64_t>(options.integer("request-size"), 0));
  post.results_in_order = options.flag("results-in-order");
  if (options.is_set("prefetch")) post.prefetch = static_cast<int>(options.integer("prefetch"));
  post.stream = !options.flag("unary");
  post.max_attempts = static_cast<int>(options.integer("max-attempts"));
  post.initial_backoff = std::chrono::milliseconds(options.integer("initial-backoff"));
  post.max_backoff = std::chrono::milliseconds(options.integer("max-backoff"));
  if (const auto limit = options.integer("timeout"); limit > 0) post.timeout = std::chrono::milliseconds(limit);
  for (const auto& [name, value] : options.object("metadata"))
    post.metadata.emplace_back(name, value.is_string() ? std::string(value.get_string()) : boost::json::serialize(value));
  return post;
}

/// What went wrong, once it is all told.
struct Outcome {
  bool good = true;
  Status failure{};  ///< of the connection; an Executor's is told where it comes
};

Task<Outcome> post(Console& console, std::shared_ptr<client::Connections> connections, ClientInput input, PostOptions options,
                   ClientOutput& output, bool go_on) {
  const auto run =
      std::make_shared<client::PostRun>(connections, std::move(input.endpoint), std::move(input.inputs), std::move(options));
  Outcome outcome;
  while (true) {
    auto start = [run](UniqueFunction<void(std::optional<client::Reply>)> done) { run->next_reply(std::move(done)); };
    std::optional<client::Reply> reply = co_await await_callback<std::optional<client::Reply>>(start);
    if (!reply) break;
    if (!reply->status.ok()) {
      output.end();
      console.fail("client", connections->url() + ": " + reply->status.to_string());
      outcome.good = false;
      outcome.failure = reply->status;
      break;
    }
    const Status shown = output.answer(std::move(*reply));
    if (shown.ok()) continue;
    output.end();
    console.fail("client", "the request failed: " + shown.message);
    outcome.good = false;
    if (!go_on) break;
  }
  run->abandon();
  output.end();
  co_return outcome;
}

/// One Document to a generator endpoint.
Task<Outcome> stream_doc(Console& console, std::shared_ptr<client::Connections> connections, ClientInput input, PostOptions options,
                         ClientOutput& output) {
  Outcome outcome;
  auto source = std::move(input.inputs).take();
  auto* docs = std::get_if<DocumentArray>(&source);
  Document doc;
  if (docs != nullptr && !docs->empty()) doc = std::move(docs->front());
  const std::string url = connections->url();
  ResponseStream answers(
      client::make_document_stream(std::move(connections), std::move(input.endpoint), std::move(doc), std::move(options)));
  while (outcome.good) {
    auto answer = co_await answers.try_next();
    if (answer && !*answer) break;
    Status status = answer.status();
    if (status.ok() && (*answer)->error) status = {StatusCode::kUnknown, (*answer)->error->description};
    if (status.ok())
      for (const auto& one : (*answer)->docs)
        if (status.ok()) status = output.document(one);
    console.out << std::flush;
    if (status.ok()) continue;
    outcome.good = false;
    console.fail("client", url + ": " + status.to_string());
    outcome.failure = std::move(status);
  }
  co_return outcome;
}

int run(Console& console, Invocation& call) {
  const auto usage = [&](const std::string& message) {
    console.fail("client", message);
    return kUsage;
  };
  auto target = where_to(call);
  if (!target) return usage(target.error().message);
  auto input = read_client_input(console, call);
  if (!input) return usage(input.error().message);
  const auto& options = call.options;
  if (options.integer("max-attempts") < 1) return usage("--max-attempts: it must be 1 or more");

  boost::asio::io_context io(1);
  auto post_with = post_options(options, *input);
  auto connections = std::make_shared<client::Connections>(io, *target, ClientOptions{.compression = options.text("compression")});
  ClientOutput output(console, options);
  const auto outcome = wait_for<Outcome>(
      io, options.flag("stream-doc")
              ? stream_doc(console, connections, std::move(*input), std::move(post_with), output)
              : post(console, connections, std::move(*input), std::move(post_with), output, options.flag("continue-on-error")));
  if (const auto hint = protocol_hint(*target, outcome.failure); !hint.empty()) console.err << "  " << hint << std::endl;
  return outcome.good ? kSuccess : kFailure;
}

}  // namespace

Command client_command() {
  return {
      .name = "client",
      .summary = "send a request to a gateway or an Executor and print the answer",
      .about =
          "Sends Documents over gRPC, HTTP or WebSocket, in as many requests as they need, and prints the answers as they come. "
          "Inputs of any length are read as they are sent. Exit code 0 when every request succeeded, 1 when one failed or no "
          "answer came.",
      .positionals = {"[URL]", "[FILE]"},
      .examples = {{"jina client grpc://127.0.0.1:54321 --endpoint /upper --text hello", "one Document with a text"},
                   {"jina client http://127.0.0.1:54321 request.json", "a body of POST /post, or a list of Documents"},
                   {"echo '[{\"text\": \"hi\"}]' | jina client ws://127.0.0.1:54321 --json -",
                    "from standard input, over WebSocket"},
                   {"jina client grpc://127.0.0.1:54321 --on /index --lines texts.txt --output table", "a Document per line"},
                   {"jina client --host 127.0.0.1 --port 54321 --protocol http --text a b --parameters k=1", ""}},
      .options = client_options,
      .run = run};
}

}  // namespace jina::cli
