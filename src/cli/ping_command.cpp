// `jina ping`: is it ready?
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <ostream>
#include <thread>

#include "cli/command.hpp"
#include "cli/protocol_hint.hpp"
#include "cli/tls_options.hpp"
#include "cli/wait.hpp"
#include "client/ping.hpp"
#include "config/json_text.hpp"
#include "config/load.hpp"
#include "flow/flow_spec.hpp"
#include "flow/flow_targets.hpp"

namespace jina::cli {
namespace {

using config::OptionKind;
using std::chrono::milliseconds;

const config::OptionSet& ping_options() {
  static const config::OptionSet set = [] {
    config::OptionSet options;
    options.add({.names = {"timeout"},
                 .kind = OptionKind::kInteger,
                 .help = "milliseconds that one attempt may take; -1: one minute",
                 .fallback = 3000});
    options.add({.names = {"attempts"}, .kind = OptionKind::kInteger, .help = "how often to ask", .fallback = 1});
    options.add({.names = {"min-successful-attempts"},
                 .kind = OptionKind::kInteger,
                 .help = "how many attempts must succeed",
                 .fallback = 1});
    options.add({.names = {"retries"},
                 .kind = OptionKind::kInteger,
                 .help = "ask again after a failure, up to so many times, with growing pauses",
                 .fallback = 0});
    add_tls_options(options);
    return options;
  }();
  return set;
}

struct What {
  client::Target target;
  client::PingKind kind = client::PingKind::kRuntime;
  std::string name = "server";
};

Status wrong(std::string message) { return {StatusCode::kInvalidArgument, std::move(message)}; }

Result<What> made(const std::string& name, client::PingKind kind, const std::string& address, const Invocation& call) {
  auto target = parse_tls_target(address, {}, call.options);
  if (!target) return target.error();
  return What{std::move(*target), kind, name};
}

/// Whatever of a Flow can be asked, from its file.
Result<std::vector<What>> of_flow_file(Console& console, const std::string& file, const Invocation& call) {
  auto flow = flow::load_flow(file);
  if (!flow) return flow.error();
  auto targets = flow::flow_targets(*flow);
  if (!targets) return targets.error();
  const auto& unknown = targets->without_port;
  if (std::find(unknown.begin(), unknown.end(), "gateway") != unknown.end())
    return wrong(file +
                 ": the port of the gateway is chosen when the Flow starts; write 'port' under 'gateway', or ask where 'jina flow' "
                 "said it is: jina ping flow ADDRESS, or jina ping flow FILE with the file of 'jina flow --ready-file FILE'");
  std::vector<What> all;
  bool dry_run = false;
  for (const auto& each : targets->known) {
    const bool whole = each.gateway && !each.custom && !dry_run;
    dry_run = dry_run || whole;
    auto what =
        made(whole ? "flow" : each.name, whole ? client::PingKind::kFlow : client::PingKind::kRuntime, each.target.url(), call);
    if (!what) return what.error();
    all.push_back(std::move(*what));
  }
  if (!unknown.empty())
    console.out << console.out_style.dim(fmt::format("not asked: {}; {} chosen when the Flow starts{}", fmt::join(unknown, ", "),
                                                     unknown.size() == 1 ? "its port is" : "their ports are",
                                                     dry_run ? ", and the dry run reaches them" : ""))
                << std::endl;
  return all;
}

/// The same from what `jina flow --ready-file` wrote: there every port is known.
Result<std::vector<What>> of_ready_file(const std::string& file, const Invocation& call) {
  auto text = config::read_whole_file(file);
  if (!text) return text.error();
  auto json = config::parse_json(*text, file);
  if (!json) return json.error();
  const auto* gateway = json->is_object() ? json->get_object().if_contains("gateway") : nullptr;
  if (gateway == nullptr || !gateway->is_object())
    return wrong(file + " is not what 'jina flow --ready-file' writes: it has no \"gateway\"");
  std::vector<What> all;
  const auto add = [&](const std::string& name, client::PingKind kind, const boost::json::value& address) -> Status {
    auto what = made(name, kind, address.is_string() ? std::string(address.get_string()) : std::string("?"), call);
    if (what) all.push_back(std::move(*what));
    return what.status();
  };
  for (const auto& [protocol, address] : gateway->get_object())
    if (auto s = add("gateway", client::PingKind::kRuntime, address); !s.ok()) return s;
  if (const auto* executors = json->get_object().if_contains("executors"); executors != nullptr && executors->is_object())
    for (const auto& [name, address] : executors->get_object())
      if (auto s = add(std::string(name), client::PingKind::kRuntime, address); !s.ok()) return s;
  return all;
}

/// `jina ping TARGET HOST` as in Jina, `jina ping URL`, or `jina ping flow FILE`.
Result<std::vector<What>> what_to_ask(Console& console, const Invocation& call) {
  const auto& words = call.positionals;
  if (words.empty()) return wrong("say whom to ask: jina ping grpc://127.0.0.1:54321, or jina ping flow 127.0.0.1:54321");
  What what;
  std::string address = words.back();
  if (words.size() == 2) {
    static const std::vector<std::string> kKinds{"executor", "gateway", "flow", "deployment"};
    if (std::find(kKinds.begin(), kKinds.end(), words.front()) == kKinds.end())
      return wrong("'" + words.front() + "' is none of executor, gateway, flow");
    what.name = words.front();
    if (what.name == "flow") what.kind = client::PingKind::kFlow;
  } else if (address == "executor" || address == "gateway" || address == "flow") {
    return wrong("the address is missing: jina ping " + address + " grpc://127.0.0.1:54321");
  }
  if (config::classify_uses(address) == config::UsesKind::kYamlFile) return of_flow_file(console, address, call);
  if (address.ends_with(".json")) return of_ready_file(address, call);
  auto one = made(what.name, what.kind, address, call);
  if (!one) return one.error();
  std::vector<What> all;
  all.push_back(std::move(*one));
  return all;
}

/// What to do about a certificate that the system does not know.
std::string tls_hint(const Status& status) {
  if (status.message.find("certificate verify failed") == std::string::npos) return {};
  return "; give the server's certificate, or who signed it, with --ca FILE, or do not check it with --insecure";
}

/// Whether enough attempts succeeded.
bool ask(Console& console, const What& what, const config::OptionBag& options) {
  const auto attempts = std::max<std::int64_t>(1, options.integer("attempts"));
  const auto timeout = options.integer("timeout");
  const milliseconds limit(timeout <= 0 ? 60'000 : timeout);
  auto retries = options.integer("retries");
  std::int64_t successes = 0;
  milliseconds pause(50);
  for (std::int64_t attempt = 0; attempt < attempts;) {
    boost::asio::io_context io(1);
    const auto started = std::chrono::steady_clock::now();
    const auto status = wait_for<Status>(io, client::ping(io, what.target, what.kind, limit));
    const auto took = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - started).count();
    if (status.ok()) {
      ++successes;
      console.out << fmt::format("{} {} is {} ({:.1f} ms)", what.name, what.target.url(), console.out_style.green("ready"), took)
                  << std::endl;
    } else if (retries > 0) {
      --retries;
      std::this_thread::sleep_for(pause);
      pause = std::min(pause * 2, milliseconds(1000));
      continue;
    } else {
      console.err << fmt::format("{} {} is {} ({:.1f} ms): {}", what.name, what.target.url(), console.err_style.red("not ready"),
                                 took, status.message + tls_hint(status))
                  << std::endl;
      if (const auto hint = protocol_hint(what.target, status); !hint.empty()) console.err << "  " << hint << std::endl;
    }
    ++attempt;
  }
  return successes >= options.integer("min-successful-attempts");
}

int run(Console& console, Invocation& call) {
  auto all = what_to_ask(console, call);
  if (!all) {
    console.fail("ping", all.error().message);
    return kUsage;
  }
  bool good = true;
  for (const auto& what : *all) good = ask(console, what, call.options) && good;
  return good ? kSuccess : kFailure;
}

}  // namespace

Command ping_command() {
  return {.name = "ping",
          .summary = "ask a gateway, an Executor or a whole Flow whether it is ready",
          .about =
              "Asks once and answers at once; exit code 0 when it is ready, 1 when not. A gateway or an Executor is asked for its "
              "health: over gRPC by the standard health service, over HTTP and WebSocket by GET /, which must give 200. Custom "
              "gateways "
              "answer these themselves. A Flow is sent a dry run, which reaches every Executor; of a Flow's file, or of what 'jina "
              "flow --ready-file' wrote, "
              "the gateway and each Executor whose port is known are asked.",
          .positionals = {"[executor|gateway|flow]", "ADDRESS"},
          .examples = {{"jina ping grpc://127.0.0.1:54321", "the health of whatever listens there"},
                       {"jina ping flow 127.0.0.1:54321", "do requests get through to all Executors?"},
                       {"jina ping flow flow.yml", "the same, and each Executor by itself"},
                       {"jina ping https://example.org --timeout 500 --attempts 3 --min-successful-attempts 2", ""},
                       {"jina ping gateway ws://127.0.0.1:54322 --retries 20", "wait until it is up"},
                       {"jina ping grpcs://127.0.0.1:54321 --ca cert.pem", "a certificate that the system does not know"}},
          .options = ping_options,
          .run = run};
}

}  // namespace jina::cli
