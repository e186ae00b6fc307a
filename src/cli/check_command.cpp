// `jina check`: what is wrong with a YAML file, before anything is started.
#include <fmt/format.h>

#include <algorithm>
#include <ostream>

#include "cli/command.hpp"
#include "cli/diagnostic_output.hpp"
#include "cli/flow_check.hpp"
#include "config/gateway_yaml.hpp"

namespace jina::cli {
namespace {

using config::Severity;

const config::OptionSet& check_options() {
  static const config::OptionSet set = [] {
    config::OptionSet options;
    const auto check = "Check";
    add_flow_file_options(options, check);
    options.add({.names = {"strict"},
                 .kind = config::OptionKind::kFlag,
                 .help = "warnings count as errors",
                 .fallback = false,
                 .group = check});
    options.add({.names = {"format"},
                 .kind = config::OptionKind::kChoice,
                 .help = "for people, for programs, or as annotations of a pull request on GitHub",
                 .fallback = "text",
                 .choices = {"text", "json", "github"},
                 .group = check});
    return options;
  }();
  return set;
}

/// Of a YAML that is no Flow: whose class it configures.
std::string kind_of(const std::string& file) {
  const auto document = config::load_file(file);
  if (!document || !document->root.is_map()) return "Flow";
  const auto& root = document->root;
  const auto* type = root.find("jtype");
  const std::string name = type != nullptr ? type->to_text() : "";
  for (const char* key : {"executors", "deployments", "pods", "gateway"})
    if (root.find(key) != nullptr) return "Flow";
  if (type == nullptr || name == "Flow" || name == "AsyncFlow") return "Flow";
  if (name == "Deployment") return name;
  const bool gateway = config::is_builtin_gateway(name) || name.ends_with("Gateway") || root.find("port") || root.find("protocol");
  return gateway ? "gateway" : "Executor";
}

std::string count_of(std::size_t count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

std::string good_news(const std::string& file, const std::string& kind, const CheckedFlow& checked) {
  if (kind != "Flow" || !checked.flow) return file + ": nothing wrong with this " + kind;
  return fmt::format("{}: nothing wrong with this Flow of {}", file, count_of(checked.flow->deployments.size(), "Executor"));
}

int run(Console& console, Invocation& call) {
  std::string file = call.options.text("uses");
  if (file.empty() && !call.positionals.empty()) file = call.positionals.front();
  if (file.empty()) {
    console.fail("check", "say which file: jina check flow.yml");
    return kUsage;
  }
  const auto kind = kind_of(file);
  CheckedFlow checked;
  if (kind == "Flow")
    checked = read_and_check_flow(file, call.options);
  else if (kind == "Deployment")
    checked = read_and_check_deployment(file, call.options);
  else
    checked = check_class_of(file, kind);
  auto items = checked.found.sorted();
  if (call.options.flag("strict"))
    for (auto& item : items) item.severity = Severity::kError;
  const auto errors = static_cast<std::size_t>(
      std::count_if(items.begin(), items.end(), [](const auto& item) { return item.severity == Severity::kError; }));
  const auto format = call.options.text("format");
  // Not for --strict: there is nothing to mend in the file.
  const auto notes = checked.notes.sorted();
  if (format == "json")
    console.out << diagnostics_as_json(items, notes);
  else if (format == "github")
    console.out << diagnostics_as_github(items, notes);
  else if (items.empty())
    console.out << diagnostics_as_text({}, notes, console.out_style) << console.out_style.green(good_news(file, kind, checked))
                << "\n";
  else
    console.out << diagnostics_as_text(items, notes, console.out_style) << count_of(errors, "error") << ", "
                << count_of(items.size() - errors, "warning") << "\n";
  console.out << std::flush;
  return errors == 0 ? kSuccess : kFailure;
}

}  // namespace

Command check_command() {
  return {
      .name = "check",
      .summary = "say what is wrong with a Flow, before it starts",
      .about =
          "Reads the YAML of a Flow, a gateway or an Executor and everything it names, and lists all that is wrong with it: "
          "keys, values, circles, ports that are taken, files, classes and arguments that are not there. Nothing is started "
          "or compiled; of a module that is compiled already classes and arguments are looked at, of others only what their text "
          "says, and a note tells where that is not enough. The exit code is 1 when there is an error.",
      .positionals = {"[FILE]"},
      .examples = {{"jina check flow.yml", ""},
                   {"jina check --strict --format github flow.yml", "in CI: warnings fail too, and show up in the pull request"}},
      .options = check_options,
      .run = run};
}

}  // namespace jina::cli
