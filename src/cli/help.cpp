#include "cli/help.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/json/serialize.hpp>

#include "jina/version.hpp"

namespace jina::cli {

using config::OptionKind;
using config::OptionSpec;

std::string placeholder(const OptionSpec& spec) {
  if (!spec.placeholder.empty()) return spec.placeholder;
  switch (spec.kind) {
    case OptionKind::kFlag: return "";
    case OptionKind::kText: return "TEXT";
    case OptionKind::kInteger: return "NUMBER";
    case OptionKind::kTextList: return "TEXT...";
    case OptionKind::kWords: return "FLAG...";
    case OptionKind::kPorts: return "PORT...";
    case OptionKind::kChoice: return fmt::format("{{{}}}", fmt::join(spec.choices, ","));
    case OptionKind::kChoiceList: return fmt::format("{{{}}}...", fmt::join(spec.choices, ","));
    case OptionKind::kKeyValues: return "KEY=VALUE...";
    case OptionKind::kJson: return "JSON";
  }
  return "";
}

std::string default_text(const OptionSpec& spec) {
  if (spec.fallback.is_null() || spec.kind == OptionKind::kFlag) return "";
  const auto plain = [](const boost::json::value& value) {
    return value.is_string() ? std::string(value.get_string()) : boost::json::serialize(value);
  };
  if (spec.kind != OptionKind::kJson && spec.fallback.is_array()) {
    std::vector<std::string> items;
    for (const auto& item : spec.fallback.get_array()) items.push_back(plain(item));
    return items.empty() ? "" : fmt::format("{}", fmt::join(items, " "));
  }
  return plain(spec.fallback);
}

namespace {

/// `text` in lines of at most `width`, each after the first behind `indent` blanks.
std::string wrapped(std::string_view text, int indent, int width) {
  std::string out;
  int column = indent;
  while (!text.empty()) {
    const auto blank = text.find(' ');
    const auto word = text.substr(0, blank);
    if (column > indent && column + 1 + static_cast<int>(word.size()) > width) {
      out += "\n" + std::string(static_cast<std::size_t>(indent), ' ');
      column = indent;
    }
    if (column > indent) {
      out += ' ';
      ++column;
    }
    out += word;
    column += static_cast<int>(word.size());
    if (blank == text.npos) break;
    text.remove_prefix(blank + 1);
  }
  return out;
}

std::string usage_line(const Command& command) {
  std::string line = "jina " + command.name;
  for (const auto& positional : command.positionals) line += " " + positional;
  if (command.options != nullptr && !command.options().specs().empty()) line += " [arguments]";
  return line;
}

}  // namespace

std::string option_help(const OptionSpec& spec, const Style& style, int width) {
  std::string names;
  std::size_t shown = 0;
  for (const auto& name : spec.names) {
    const auto dashed = (name.size() == 1 ? "-" : "--") + name;
    names += (names.empty() ? "" : ", ") + style.cyan(dashed);
    shown += dashed.size() + (shown == 0 ? 0 : 2);
  }
  const auto value = placeholder(spec);
  if (!value.empty()) {
    names += " " + value;
    shown += value.size() + 1;
  }
  std::string says = spec.help;
  if (const auto fallback = default_text(spec); !fallback.empty()) says += " (default: " + fallback + ")";
  if (!spec.effective && spec.group.find("without effect") == std::string::npos) says += " (accepted, without effect here)";
  constexpr std::size_t kColumn = 30;
  std::string out = "  " + names;
  if (shown + 4 > kColumn)
    out += "\n" + std::string(kColumn, ' ');
  else
    out += std::string(kColumn - shown - 2, ' ');
  return out + wrapped(says, static_cast<int>(kColumn), width) + "\n";
}

std::string command_help(const Command& command, const Style& style, int width) {
  std::string out = style.bold("Usage: ") + usage_line(command) + "\n\n" + wrapped(command.about, 0, width) + "\n";
  if (!command.examples.empty()) {
    out += "\n" + style.bold("Examples") + "\n";
    for (const auto& example : command.examples) {
      if (!example.says.empty()) out += "  " + style.dim("# " + example.says) + "\n";
      out += "  " + style.green(example.line) + "\n";
    }
  }
  if (command.options == nullptr) return out;
  std::vector<std::string> groups;
  const auto specs = command.options().specs();
  for (const auto& spec : specs)
    if (!spec.hidden && std::find(groups.begin(), groups.end(), spec.group) == groups.end()) groups.push_back(spec.group);
  // What is accepted only for Jina's sake comes last.
  std::stable_partition(groups.begin(), groups.end(),
                        [](const std::string& group) { return group.find('(') == std::string::npos; });
  for (const auto& group : groups) {
    out += "\n" + style.bold(group) + "\n";
    for (const auto& spec : specs)
      if (!spec.hidden && spec.group == group) out += option_help(spec, style, width);
  }
  out += "\n  " + style.cyan("-h, --help") + std::string(18, ' ') + "this text\n";
  return out;
}

std::string overview(const Style& style) {
  std::string out = style.bold("jina " JINA_VERSION) + ": gateways, Executors and Flows that speak Jina 3's wire protocol\n\n" +
                    style.bold("Usage: ") + "jina COMMAND [arguments]\n\n" + style.bold("Commands") + "\n";
  for (const auto& command : commands())
    if (!command.hidden)
      out += "  " + style.cyan(command.name) + std::string(14 - std::min<std::size_t>(13, command.name.size()), ' ') +
             command.summary + "\n";
  out += "\n" + style.bold("Start here") + "\n  " + style.green("jina flow --uses flow.yml") + "\n  " +
         style.green("jina client grpc://127.0.0.1:54321 --text hello") + "\n\n" +
         "'jina COMMAND --help' explains a command, 'jina help ARGUMENT' an argument, 'jina --version' tells the version.\n";
  return out;
}

}  // namespace jina::cli
