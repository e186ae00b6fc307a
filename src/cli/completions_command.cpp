// `jina completions`: completion scripts for shells, made from the descriptions of the commands.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <ostream>

#include "cli/command.hpp"

namespace jina::cli {
namespace {

std::vector<std::string> flags_of(const Command& command) {
  std::vector<std::string> flags{"--help"};
  if (command.options != nullptr)
    for (const auto& spec : command.options().specs())
      if (!spec.hidden) flags.push_back("--" + spec.name());
  return flags;
}

std::vector<std::string> names_of_commands() {
  std::vector<std::string> names;
  for (const auto& command : commands())
    if (!command.hidden) names.push_back(command.name);
  return names;
}

/// For single quotes of a shell.
std::string quoted(std::string text) {
  for (std::size_t at = 0; (at = text.find('\'', at)) != text.npos; at += 4) text.replace(at, 1, "'\\''");
  return "'" + text + "'";
}

void bash(std::ostream& out) {
  out << "_jina() {\n  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} words=''\n  if ((COMP_CWORD == 1)); "
         "then\n    words='"
      << fmt::format("{}", fmt::join(names_of_commands(), " "))
      << " --version --help'\n  else\n    case \"${COMP_WORDS[1]} $before\" in\n";
  for (const auto& command : commands())
    if (command.options != nullptr)
      for (const auto& spec : command.options().specs())
        if (!spec.choices.empty() && !spec.hidden)
          out << "      '" << command.name << " --" << spec.name() << "') words='"
              << fmt::format("{}", fmt::join(spec.choices, " ")) << "' ;;\n";
  out << "    esac\n    if ((COMP_CWORD == 2)); then\n      case ${COMP_WORDS[1]} in\n";
  for (const auto& command : commands())
    if (!command.words.empty())
      out << "        " << command.name << ") words='" << fmt::format("{}", fmt::join(command.words, " ")) << "' ;;\n";
  out << "      esac\n    fi\n    if [[ $word == -* ]]; then\n      case ${COMP_WORDS[1]} in\n";
  for (const auto& command : commands())
    out << "        " << command.name << ") words='" << fmt::format("{}", fmt::join(flags_of(command), " ")) << "' ;;\n";
  out << "      esac\n    fi\n  fi\n  if [[ -n $words ]]; then COMPREPLY=($(compgen -W \"$words\" -- \"$word\")); else "
         "COMPREPLY=($(compgen -f -- \"$word\")); fi\n}\n"
      << "complete -o filenames -F _jina jina\n";
}

void zsh(std::ostream& out) {
  out << "#compdef jina\n_jina() {\n  local -a entries\n  if ((CURRENT == 2)); then\n    entries=(";
  for (const auto& command : commands())
    if (!command.hidden) out << " " << quoted(command.name + ":" + command.summary);
  out << ")\n    _describe command entries\n    return\n  fi\n  if [[ ${words[CURRENT]} == -* ]]; then\n    case ${words[2]} in\n";
  for (const auto& command : commands()) {
    out << "      " << command.name << ") entries=(";
    if (command.options != nullptr)
      for (const auto& spec : command.options().specs())
        if (!spec.hidden) out << " " << quoted("--" + spec.name() + ":" + spec.help);
    out << " --help) ;;\n";
  }
  out << "    esac\n    _describe argument entries\n    return\n  fi\n  if ((CURRENT == 3)); then\n    case ${words[2]} in\n";
  for (const auto& command : commands())
    if (!command.words.empty())
      out << "      " << command.name << ") compadd " << fmt::format("{}", fmt::join(command.words, " ")) << "; return ;;\n";
  // As a file on fpath it is the body of _jina, called for the first completion; sourced, it only registers itself.
  out << "    esac\n  fi\n  _files\n}\nif [[ ${funcstack[1]} == _jina ]]; then _jina \"$@\"; "
         "else compdef _jina jina; fi\n";
}

void fish(std::ostream& out) {
  for (const auto& command : commands()) {
    if (command.hidden) continue;
    out << "complete -c jina -n __fish_use_subcommand -f -a " << command.name << " -d " << quoted(command.summary) << "\n";
    if (!command.words.empty())
      out << "complete -c jina -n '__fish_seen_subcommand_from " << command.name << "' -f -a "
          << quoted(fmt::format("{}", fmt::join(command.words, " "))) << "\n";
    if (command.options == nullptr) continue;
    for (const auto& spec : command.options().specs()) {
      if (spec.hidden) continue;
      out << "complete -c jina -n '__fish_seen_subcommand_from " << command.name << "' -l " << spec.name() << " -d "
          << quoted(spec.help);
      if (!spec.choices.empty())
        out << " -x -a " << quoted(fmt::format("{}", fmt::join(spec.choices, " ")));
      else if (spec.kind != config::OptionKind::kFlag)
        out << " -r";
      out << "\n";
    }
  }
}

int run(Console& console, Invocation& call) {
  const std::string shell = call.positionals.empty() ? "" : call.positionals.front();
  if (shell == "bash")
    bash(console.out);
  else if (shell == "zsh")
    zsh(console.out);
  else if (shell == "fish")
    fish(console.out);
  else {
    console.fail("completions", (shell.empty() ? "say for which shell" : "no completions for '" + shell + "'") +
                                    std::string(": bash, zsh or fish"));
    return kUsage;
  }
  return kSuccess;
}

}  // namespace

Command completions_command() {
  static const config::OptionSet kNone;
  return {.name = "completions",
          .summary = "print a completion script for bash, zsh or fish",
          .about = "Prints a script that completes commands, arguments and choices.",
          .positionals = {"SHELL"},
          .words = {"bash", "zsh", "fish"},
          .examples = {{"source <(jina completions bash)", "in ~/.bashrc"},
                       {"jina completions zsh > ~/.zfunc/_jina", ""},
                       {"jina completions fish > ~/.config/fish/completions/jina.fish", ""}},
          .options = []() -> const config::OptionSet& { return kNone; },
          .run = run};
}

}  // namespace jina::cli
