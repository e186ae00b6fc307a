// Command: one word after `jina`. A command is its description (arguments, examples) and a function; parsing, help, warnings and
// error messages are the same for all.
//
// Thread: main thread. Lifetime: commands are static. Cancellation: the commands' own.
#pragma once
#include <filesystem>
#include <functional>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

#include "cli/terminal.hpp"
#include "config/option.hpp"
#include "jina/registry.hpp"
#include "jina/status.hpp"

namespace jina::cli {

/// What the shell sees.
enum ExitCode : int { kSuccess = 0, kFailure = 1, kUsage = 2 };

/// Where a command reads and writes; tests bring their own.
struct Console {
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
  Style out_style{};
  Style err_style{};
  std::filesystem::path include{};  ///< with jina's headers, for modules; empty: beside the program

  /// "jina gateway: warning: ..." on err.
  void warn(std::string_view command, std::string_view message) const;
  /// "jina gateway: error: ..." on err.
  void fail(std::string_view command, std::string_view message) const;
};

/// Adds the classes that are linked into the program; empty in `jina` itself.
using AddClasses = std::function<void(Registry&)>;

/// The arguments of a call, parsed.
struct Invocation {
  config::OptionBag options;
  std::vector<std::string> positionals{};
  AddClasses add_classes{};
};

struct Example {
  std::string line;
  std::string says;
};

struct Command {
  std::string name;
  std::string summary;                     ///< one line, in the list of commands
  std::string about;                       ///< a few sentences, in --help
  std::vector<std::string> positionals{};  ///< "TARGET", "[HOST]": at most this many, those in brackets may be missing
  std::vector<std::string> words{};        ///< what the first of them may be, for completions; empty: anything, files
  std::vector<Example> examples{};
  const config::OptionSet& (*options)() = nullptr;
  std::function<int(Console&, Invocation&)> run;
  bool hidden = false;
  bool serves = false;  ///< a process of a Flow: where it crashes is told
};

/// All commands, in the order of the help.
const std::vector<Command>& commands();
const Command* find_command(std::string_view name);

/// `words` without the program's name. Returns the process's exit code.
int run_program(Console& console, const std::vector<std::string>& words, const AddClasses& add_classes = {});
/// Parses and runs one command.
int run_command(Console& console, const Command& command, const std::vector<std::string>& words,
                const AddClasses& add_classes = {});

// One per file.
Command gateway_command();
Command executor_command();
Command flow_command();
Command ping_command();
Command check_command();
Command new_command();
Command build_command();
Command client_command();
Command export_command();
Command help_command();
Command completions_command();

}  // namespace jina::cli
