// The list of commands, and what is common to all: parsing, warnings, errors, --help, --version.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <boost/version.hpp>
#include <ostream>
#include <thread>

#include "base/crash_handler.hpp"
#include "cli/arguments.hpp"
#include "cli/command.hpp"
#include "cli/help.hpp"
#include "cli/version_text.hpp"
#include "config/suggest.hpp"

namespace jina::cli {

void Console::warn(std::string_view command, std::string_view message) const {
  err << "jina " << command << ": " << err_style.yellow("warning") << ": " << message << std::endl;
}

void Console::fail(std::string_view command, std::string_view message) const {
  err << "jina " << command << ": " << err_style.red("error") << ": " << message << std::endl;
}

const std::vector<Command>& commands() {
  static const std::vector<Command> all = [] {
    std::vector<Command> list;
    list.push_back(flow_command());
    list.push_back(check_command());
    list.push_back(gateway_command());
    list.push_back(executor_command());
    list.push_back(client_command());
    list.push_back(ping_command());
    list.push_back(export_command());
    list.push_back(new_command());
    list.push_back(build_command());
    list.push_back(help_command());
    list.push_back(completions_command());
    return list;
  }();
  return all;
}

const Command* find_command(std::string_view name) {
  for (const auto& command : commands())
    if (command.name == name) return &command;
  return nullptr;
}

namespace {

void warn_about_unknown(Console& console, const Command& command, const std::vector<std::string>& unknown) {
  std::vector<std::string> names;
  std::string hint;
  for (const auto& word : unknown) {
    if (!word.starts_with('-') && unknown.front().starts_with('-')) continue;  // most probably the value of the word before
    names.push_back("'" + word + "'");
    const auto name = word.substr(0, word.find_first_of("= "));
    if (hint.empty() && name.starts_with("--")) {
      const auto near = config::nearest_name(name.substr(2), command.options().all_names(false));
      if (!near.empty()) hint = "; did you mean --" + near + "?";
    }
  }
  console.warn(command.name, fmt::format("ignored, not an argument of this command: {}{}", fmt::join(names, ", "), hint));
}

}  // namespace

int run_command(Console& console, const Command& command, const std::vector<std::string>& words, const AddClasses& add_classes) {
  static const config::OptionSet kNone;
  const auto& set = command.options != nullptr ? command.options() : kNone;
  auto parsed = parse_arguments(set, command.positionals.size(), words);
  if (!parsed) {
    console.fail(command.name, parsed.error().message);
    console.err << "'jina " << command.name << " --help' lists the arguments" << std::endl;
    return kUsage;
  }
  if (parsed->help) {
    console.out << command_help(command, console.out_style, terminal_width(1)) << std::flush;
    return kSuccess;
  }
  if (!parsed->unknown.empty()) warn_about_unknown(console, command, parsed->unknown);
  if (const auto idle = parsed->options.ineffective(); !idle.empty())
    console.warn(command.name, fmt::format("accepted, but without effect here: {}", fmt::join(idle, ", ")));
  if (command.serves) install_crash_handler();
  Invocation invocation{std::move(parsed->options), std::move(parsed->positionals), add_classes};
  try {
    return command.run(console, invocation);
  } catch (const std::exception& error) {
    console.fail(command.name, error.what());
    return kFailure;
  }
}

int run_program(Console& console, const std::vector<std::string>& words, const AddClasses& add_classes) {
  if (words.empty() || words.front() == "-h" || words.front() == "--help") {
    (words.empty() ? console.err : console.out) << overview(words.empty() ? console.err_style : console.out_style) << std::flush;
    return words.empty() ? kUsage : kSuccess;
  }
  if (words.front() == "-v" || words.front() == "--version") {
    console.out << version_line() << std::endl;
    return kSuccess;
  }
  if (words.front() == "-vf" || words.front() == "--version-full") {
    console.out << version_table() << std::flush;
    return kSuccess;
  }
  const auto* command = find_command(words.front());
  if (command == nullptr) {
    std::vector<std::string> names;
    for (const auto& known : commands()) names.push_back(known.name);
    console.err << "jina: " << console.err_style.red("error") << ": there is no command '" << words.front() << "'"
                << config::did_you_mean(words.front(), names) << "\n'jina --help' lists the commands" << std::endl;
    return kUsage;
  }
  return run_command(console, *command, {words.begin() + 1, words.end()}, add_classes);
}

}  // namespace jina::cli
