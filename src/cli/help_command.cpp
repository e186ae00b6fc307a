// `jina help`: what a command or an argument is for.
#include <algorithm>
#include <ostream>

#include "cli/command.hpp"
#include "cli/help.hpp"
#include "cli/reference.hpp"
#include "config/suggest.hpp"

namespace jina::cli {
namespace {

const config::OptionSet& help_options() {
  static const config::OptionSet set = [] {
    config::OptionSet options;
    options.add({.names = {"markdown"},
                 .kind = config::OptionKind::kChoice,
                 .help = "a page of docs/reference/",
                 .choices = reference_pages(),
                 .hidden = true});
    return options;
  }();
  return set;
}

int run(Console& console, Invocation& call) {
  if (const auto page = reference_page(call.options.text("markdown"))) {
    console.out << *page << std::flush;
    return kSuccess;
  }
  if (call.positionals.empty()) {
    console.out << overview(console.out_style) << std::flush;
    return kSuccess;
  }
  std::string query = call.positionals.front();
  while (query.starts_with('-')) query.erase(0, 1);
  const int width = terminal_width(1);
  if (const auto* command = find_command(query)) {
    console.out << command_help(*command, console.out_style, width) << std::flush;
    return kSuccess;
  }
  std::vector<std::string> names;
  bool found = false;
  for (const auto& command : commands()) {
    names.push_back(command.name);
    if (command.options == nullptr) continue;
    for (const auto& spec : command.options().specs()) {
      names.insert(names.end(), spec.names.begin(), spec.names.end());
      if (command.options().find(query) != &spec) continue;
      console.out << console.out_style.bold("jina " + command.name) << "\n" << option_help(spec, console.out_style, width);
      found = true;
    }
  }
  if (found) return kSuccess;
  console.fail("help", "nothing is called '" + query + "'" + config::did_you_mean(query, names));
  return kFailure;
}

}  // namespace

Command help_command() {
  return {.name = "help",
          .summary = "explain a command or an argument",
          .about = "Explains a command, or an argument in every command that has it. Small typing mistakes are forgiven.",
          .positionals = {"[WORD]"},
          .examples = {{"jina help gateway", ""}, {"jina help prefetch", ""}},
          .options = help_options,
          .run = run};
}

}  // namespace jina::cli
