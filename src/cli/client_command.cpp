// `jina client`: one request, one answer.
#include <sys/stat.h>
#include <unistd.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <iostream>
#include <iterator>

#include "cli/command.hpp"
#include "cli/pretty_json.hpp"
#include "cli/tls_options.hpp"
#include "cli/wait.hpp"
#include "client/client.hpp"
#include "config/json_text.hpp"
#include "config/load.hpp"

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
    options.add({.names = {"parameters"}, .kind = OptionKind::kKeyValues, .help = "parameters of the request", .group = request});
    options.add({.names = {"target-executor"}, .help = "only Executors whose name matches this expression", .group = request});
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
                 .help = "milliseconds to wait for the answer; none when 0 or below",
                 .fallback = 0,
                 .group = to});
    options.add(
        {.names = {"metadata"}, .kind = OptionKind::kKeyValues, .help = "gRPC metadata or HTTP header fields", .group = to});
    const auto output = "Output";
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
    options.add(
        {.names = {"prefetch"}, .kind = OptionKind::kInteger, .help = "", .fallback = 1000, .group = jina, .effective = false});
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

/// Something was redirected to standard input.
bool input_is_redirected() {
  struct stat info {};
  return ::fstat(STDIN_FILENO, &info) == 0 && (S_ISFIFO(info.st_mode) || S_ISREG(info.st_mode));
}

Result<std::string> input_text(Console& console, const Invocation& call, std::string& source) {
  std::string file = call.options.text("json");
  if (call.positionals.size() > 1) file = call.positionals[1];
  if (file.empty() && !call.options.is_set("text") && &console.in == &std::cin && input_is_redirected()) file = "-";
  if (file.empty()) return std::string{};
  source = file == "-" ? "standard input" : file;
  if (file != "-") return config::read_whole_file(file);
  return std::string(std::istreambuf_iterator<char>(console.in), {});
}

/// What the gateways' POST /post takes, whichever of its short forms was given.
Result<boost::json::object> body_of(Console& console, const Invocation& call) {
  namespace json = boost::json;
  std::string source;
  auto text = input_text(console, call, source);
  if (!text) return text.error();
  json::object body;
  if (text->find_first_not_of(" \t\r\n") != std::string::npos) {
    auto value = config::parse_json(*text, source);
    if (!value) return value.error();
    if (value->is_array())
      body["data"] = std::move(*value);
    else if (!value->is_object())
      return Status{StatusCode::kInvalidArgument, source + ": expected an object or a list of Documents"};
    else if (value->get_object().contains("data") || value->get_object().contains("execEndpoint") ||
             value->get_object().contains("exec_endpoint") || value->get_object().contains("parameters"))
      body = std::move(value->get_object());
    else
      body["data"] = json::array{std::move(*value)};
  }
  if (call.options.is_set("text")) {
    json::array docs;
    for (const auto& item : call.options.texts("text")) docs.push_back(json::object{{"text", item}});
    body["data"] = std::move(docs);
  }
  if (call.options.is_set("endpoint") || (!body.contains("execEndpoint") && !body.contains("exec_endpoint"))) {
    body.erase("exec_endpoint");
    body["execEndpoint"] = call.options.text("endpoint");
  }
  if (call.options.is_set("target-executor")) body["targetExecutor"] = call.options.text("target-executor");
  if (call.options.is_set("parameters")) body["parameters"] = call.options.object("parameters");
  return body;
}

int run(Console& console, Invocation& call) {
  auto target = where_to(call);
  if (!target) {
    console.fail("client", target.error().message);
    return kUsage;
  }
  auto body = body_of(console, call);
  if (!body) {
    console.fail("client", body.error().message);
    return kUsage;
  }
  auto parsed = parse_json_request(boost::json::serialize(*body), {});
  if (const auto* wrong = std::get_if<JsonRequestError>(&parsed)) {
    console.fail("client", "the request is not valid: " + wrong->reason);
    return kUsage;
  }
  client::ClientOptions options;
  options.stream = !call.options.flag("unary");
  if (const auto limit = call.options.integer("timeout"); limit > 0) options.timeout = std::chrono::milliseconds(limit);
  for (const auto& [name, value] : call.options.object("metadata"))
    options.metadata.emplace_back(name, value.is_string() ? std::string(value.get_string()) : boost::json::serialize(value));

  boost::asio::io_context io(1);
  auto client = client::Client::make(io, *target, std::move(options));
  auto answer = wait_for<Result<client::Answer>>(io, client->post(std::move(std::get<JsonRequest>(parsed))));
  if (!answer) {
    console.fail("client", target->url() + ": " + answer.error().to_string());
    return kFailure;
  }
  console.out << (call.options.flag("compact") ? answer->json
                                               : pretty_json(answer->json, call.options.flag("full"), console.out_style))
              << std::endl;
  if (answer->outcome.ok()) return kSuccess;
  console.fail("client", "the request failed: " + answer->outcome.message);
  return kFailure;
}

}  // namespace

Command client_command() {
  return {.name = "client",
          .summary = "send a request to a gateway or an Executor and print the answer",
          .about =
              "Sends Documents over gRPC, HTTP or WebSocket and prints the answer as JSON. Exit code 0 when the request succeeded, "
              "1 when it "
              "failed or no answer came.",
          .positionals = {"[URL]", "[FILE]"},
          .examples = {{"jina client grpc://127.0.0.1:54321 --endpoint /upper --text hello", "one Document with a text"},
                       {"jina client http://127.0.0.1:54321 request.json", "a body of POST /post, or a list of Documents"},
                       {"echo '[{\"text\": \"hi\"}]' | jina client ws://127.0.0.1:54321 --json -",
                        "from standard input, over WebSocket"},
                       {"jina client --host 127.0.0.1 --port 54321 --protocol http --text a b --parameters k=1", ""}},
          .options = client_options,
          .run = run};
}

}  // namespace jina::cli
