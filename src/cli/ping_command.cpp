// `jina ping`: is it ready?
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <ostream>
#include <thread>

#include "cli/command.hpp"
#include "cli/tls_options.hpp"
#include "cli/wait.hpp"
#include "client/ping.hpp"

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

/// `jina ping TARGET HOST` as in Jina, or `jina ping URL`.
Result<What> what_to_ask(const Invocation& call) {
  const auto& words = call.positionals;
  if (words.empty())
    return Status{StatusCode::kInvalidArgument,
                  "say whom to ask: jina ping grpc://127.0.0.1:54321, or jina ping flow 127.0.0.1:54321"};
  What what;
  std::string address = words.back();
  if (words.size() == 2) {
    static const std::vector<std::string> kKinds{"executor", "gateway", "flow", "deployment"};
    if (std::find(kKinds.begin(), kKinds.end(), words.front()) == kKinds.end())
      return Status{StatusCode::kInvalidArgument, "'" + words.front() + "' is none of executor, gateway, flow"};
    what.name = words.front();
    if (what.name == "flow") what.kind = client::PingKind::kFlow;
  } else if (address == "executor" || address == "gateway" || address == "flow") {
    return Status{StatusCode::kInvalidArgument, "the address is missing: jina ping " + address + " grpc://127.0.0.1:54321"};
  }
  auto target = parse_tls_target(address, {}, call.options);
  if (!target) return target.error();
  what.target = std::move(*target);
  return what;
}

/// What to do about a certificate that the system does not know.
std::string tls_hint(const Status& status) {
  if (status.message.find("certificate verify failed") == std::string::npos) return {};
  return "; give the server's certificate, or who signed it, with --ca FILE, or do not check it with --insecure";
}

int run(Console& console, Invocation& call) {
  auto what = what_to_ask(call);
  if (!what) {
    console.fail("ping", what.error().message);
    return kUsage;
  }
  const auto attempts = std::max<std::int64_t>(1, call.options.integer("attempts"));
  const auto wanted = call.options.integer("min-successful-attempts");
  const auto timeout = call.options.integer("timeout");
  const milliseconds limit(timeout <= 0 ? 60'000 : timeout);
  auto retries = call.options.integer("retries");
  std::int64_t successes = 0;
  milliseconds pause(50);
  for (std::int64_t attempt = 0; attempt < attempts;) {
    boost::asio::io_context io(1);
    const auto started = std::chrono::steady_clock::now();
    const auto status = wait_for<Status>(io, client::ping(io, what->target, what->kind, limit));
    const auto took = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - started).count();
    if (status.ok()) {
      ++successes;
      console.out << fmt::format("{} {} is {} ({:.1f} ms)", what->name, what->target.url(), console.out_style.green("ready"), took)
                  << std::endl;
    } else if (retries > 0) {
      --retries;
      std::this_thread::sleep_for(pause);
      pause = std::min(pause * 2, milliseconds(1000));
      continue;
    } else {
      console.err << fmt::format("{} {} is {} ({:.1f} ms): {}", what->name, what->target.url(), console.err_style.red("not ready"),
                                 took, status.message + tls_hint(status))
                  << std::endl;
    }
    ++attempt;
  }
  return successes >= wanted ? kSuccess : kFailure;
}

}  // namespace

Command ping_command() {
  return {.name = "ping",
          .summary = "ask a gateway, an Executor or a whole Flow whether it is ready",
          .about =
              "Asks once and answers at once; exit code 0 when it is ready, 1 when not. A gateway or an Executor is asked for its "
              "health: over gRPC by the standard health service, over HTTP and WebSocket by GET /, which must give 200. Custom "
              "gateways "
              "answer these themselves. A Flow is sent a dry run, which reaches every Executor.",
          .positionals = {"[executor|gateway|flow]", "ADDRESS"},
          .examples = {{"jina ping grpc://127.0.0.1:54321", "the health of whatever listens there"},
                       {"jina ping flow 127.0.0.1:54321", "do requests get through to all Executors?"},
                       {"jina ping https://example.org --timeout 500 --attempts 3 --min-successful-attempts 2", ""},
                       {"jina ping gateway ws://127.0.0.1:54322 --retries 20", "wait until it is up"},
                       {"jina ping grpcs://127.0.0.1:54321 --ca cert.pem", "a certificate that the system does not know"}},
          .options = ping_options,
          .run = run};
}

}  // namespace jina::cli
