// `jina flow`: a whole Flow on this machine, one process per replica.
#include "cli/command.hpp"
#include "cli/flow_check.hpp"
#include "cli/flow_run.hpp"

namespace jina::cli {
namespace {

using config::OptionKind;

const config::OptionSet& flow_command_options() {
  static const config::OptionSet set = [] {
    config::OptionSet options;
    const auto flow = "Flow";
    add_flow_file_options(options, flow);
    options.add({.names = {"workspace"}, .help = "directory for files that are written", .group = flow});
    options.add(
        {.names = {"log-config"}, .help = "logging of every process: default, json, quiet", .fallback = "default", .group = flow});
    options.add({.names = {"quiet"}, .kind = OptionKind::kFlag, .help = "log nothing", .fallback = false, .group = flow});
    options.add({.names = {"ready-file"},
                 .help = "write the endpoints as JSON to this file when the Flow is ready, remove it at the end (not in Jina)",
                 .group = flow,
                 .placeholder = "FILE"});
    options.add({.names = {"restart"},
                 .kind = OptionKind::kChoice,
                 .help =
                     "what to do when a process of the running Flow ends by itself: start it again, or stop the Flow; an item's "
                     "own 'restart' wins (not in Jina)",
                 .fallback = "on-failure",
                 .choices = {"never", "on-failure"},
                 .group = flow});
    options.add({.names = {"restart-limit"},
                 .kind = OptionKind::kInteger,
                 .help = "restarts of one process within 5 minutes before the Flow gives up; 0: no limit (not in Jina)",
                 .fallback = 10,
                 .group = flow});
    options.add({.names = {"reload"},
                 .kind = OptionKind::kFlag,
                 .help = "start again when the YAML or a module changes, and on SIGHUP",
                 .fallback = false,
                 .group = flow});
    const auto jina = "Of Jina's 'jina flow' (accepted, without effect here)";
    options.add({.names = {"name"}, .help = "name of the Flow", .group = jina, .effective = false});
    options.add({.names = {"quiet-error"},
                 .kind = OptionKind::kFlag,
                 .help = "log errors without stack traces",
                 .fallback = false,
                 .group = jina,
                 .effective = false});
    options.add({.names = {"suppress-root-logging"},
                 .kind = OptionKind::kFlag,
                 .help = "quiet root logger",
                 .fallback = false,
                 .group = jina,
                 .effective = false});
    return options;
  }();
  return set;
}

int run(Console& console, Invocation& call) {
  std::string file = call.options.text("uses");
  if (file.empty() && !call.positionals.empty()) file = call.positionals.front();
  if (file.empty()) {
    console.fail("flow", "say which Flow: jina flow --uses flow.yml");
    return kUsage;
  }
  return FlowRun(console, file, call.options).run();
}

}  // namespace

Command flow_command() {
  return {
      .name = "flow",
      .summary = "start a Flow: its gateway and its Executors",
      .about =
          "Starts every process of a Flow, waits until all are ready, prints where they are, and stops them in order on Ctrl-C or "
          "SIGTERM: "
          "the gateway first, once it finished what runs, then the Executors; a second signal, 0.3 s later or more, kills what is "
          "left. A process that "
          "ends "
          "by itself is started again on its port, at once and then after growing pauses, unless --restart says never; before the "
          "Flow was ready it ends the start. Exit codes: 0 after an orderly stop, 1 after a failure, 128 + the signal's number "
          "when "
          "it came before the Flow was ready, or twice. With --reload a change of the YAML, of a module or of a header beside it, "
          "and SIGHUP, stop the Flow in order and start it again, its gateway on the same port; before that the YAML is checked "
          "and "
          "the modules are compiled: what is wrong is told, and the running Flow left alone. Without it "
          "SIGHUP stops the Flow as SIGTERM does.",
      .positionals = {"[FILE]"},
      .examples = {{"jina flow --uses flow.yml", ""},
                   {"jina flow --uses flow.yml --env MODEL=small", "values for ${{ ENV.MODEL }} in the YAML and for the processes"},
                   {"jina flow --uses flow.yml --ready-file /tmp/ready.json",
                    "for scripts: the file appears when the Flow is ready"}},
      .options = flow_command_options,
      .run = run};
}

}  // namespace jina::cli
