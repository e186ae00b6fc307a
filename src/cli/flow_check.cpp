#include "cli/flow_check.hpp"

#include <iostream>

#include "cli/gateway_arguments.hpp"
#include "cli/module_classes.hpp"
#include "cli/modules.hpp"
#include "config/uses_config.hpp"

namespace jina::cli {

std::optional<flow::FlowSpec> read_flow(const std::string& file, const config::OptionBag& options, config::Diagnostics& found) {
  return flow::read_flow_file(file, found, {.inspect = options.is_set("inspect") ? options.text("inspect") : ""});
}

namespace {

flow::CheckOptions check_options(config::Diagnostics& notes, const std::string& python = {}, bool ports = true) {
  flow::CheckOptions options{.python = python, .ports = ports, .notes = &notes};
  options.compiled = [](const std::filesystem::path& module, const flow::UsedFiles& used,
                        const config::OptionBag& bag) -> std::optional<flow::SourceClasses> {
    const auto uses = config::load_uses(used.uses, used.modules, "Executor", bag.texts("extra-search-paths"));
    if (!uses) return flow::SourceClasses{};  // somebody else says what is wrong with it
    const Console silent{std::cin, std::cout, std::cerr};
    return compiled_classes(module, module_options(silent, "check", *uses, bag));
  };
  return options;
}

}  // namespace

CheckedFlow check_class_of(const std::string& file, const std::string& what) {
  CheckedFlow out;
  flow::check_class_file(file, what, out.found, check_options(out.notes));
  return out;
}

CheckedFlow read_and_check_flow(const std::string& file, const config::OptionBag& options, bool ports) {
  set_environment(options.object("env"));
  CheckedFlow out;
  out.flow = read_flow(file, options, out.found);
  // With a graph that makes no sense the rest still counts; without a Flow there is nothing to look at.
  if (!out.flow) return out;
  flow::check_flow(*out.flow, out.found, check_options(out.notes, options.text("python"), ports));
  // What the gateway would say about its arguments, unless it is known to be wrong already.
  if (!out.found.has_errors())
    if (auto arguments = gateway_options_from(out.flow->gateway); !arguments)
      out.found.error(out.flow->source, out.flow->gateway_position, "gateway: " + arguments.error().message);
  out.found.name_files_beside(file);
  out.notes.name_files_beside(file);
  return out;
}

CheckedFlow read_and_check_deployment(const std::string& file, const config::OptionBag& options) {
  set_environment(options.object("env"));
  CheckedFlow out;
  config::SubstituteOptions substitution;
  std::vector<std::string> warnings;
  substitution.warnings = &warnings;
  auto document = config::load_file(file, substitution);
  for (const auto& warning : warnings) out.found.add_text(config::Severity::kWarning, file, {}, warning);
  if (!document) {
    out.found.add_text(config::Severity::kError, file, {}, document.error().message);
    return out;
  }
  using config::Node;
  std::vector<Node> items;
  items.push_back(std::move(document->root));
  std::vector<config::NodeEntry> entries;
  entries.push_back({"jtype", {}, Node::of_text("Flow")});
  entries.push_back({"executors", {}, Node::of_list(std::move(items))});
  document->root = Node::of_map(std::move(entries));
  out.flow = flow::read_flow(*document, out.found);
  flow::check_flow(*out.flow, out.found, check_options(out.notes, options.text("python")));
  out.found.name_files_beside(file);
  out.notes.name_files_beside(file);
  return out;
}

void add_flow_file_options(config::OptionSet& set, const char* group) {
  using config::OptionKind;
  set.add({.names = {"uses"}, .help = "YAML file of the Flow", .group = group, .placeholder = "FILE"});
  set.add({.names = {"env"},
           .kind = OptionKind::kKeyValues,
           .help = "environment variables of every process, and for ${{ ENV.X }} in the YAML",
           .group = group});
  set.add({.names = {"python"},
           .help = "interpreter with Jina for Executors in Python; JINA_PYTHON, or the first on PATH that has Jina, when not "
                   "given (not in Jina)",
           .group = group,
           .placeholder = "FILE"});
  set.add({.names = {"inspect"},
           .kind = OptionKind::kChoice,
           .help = "what Executors with 'method: inspect' answer: joined at the end, awaited by nobody, or left out with them",
           .fallback = "COLLECT",
           .choices = {"COLLECT", "HANG", "REMOVE"},
           .group = group});
}

}  // namespace jina::cli
