#include "cli/arguments.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>

namespace jina::cli {

using config::OptionKind;
using config::OptionSpec;

namespace {

bool takes_many(OptionKind kind) {
  return kind == OptionKind::kTextList || kind == OptionKind::kPorts || kind == OptionKind::kChoiceList || kind == OptionKind::kKeyValues;
}

/// "--graph-desc" -> "--graph-description" when only one argument begins so; "--graph_description" too.
std::string completed(const config::OptionSet& set, const std::string& word) {
  if (!word.starts_with("--") || word.size() < 4) return word;
  const auto equals = word.find('=');
  std::string name = word.substr(2, equals == word.npos ? word.npos : equals - 2);
  if (name.find_first_of(" \t") != name.npos) return word;
  const std::string rest = equals == word.npos ? "" : word.substr(equals);
  const OptionSpec* found = set.find(name);
  if (found == nullptr) {
    std::replace(name.begin(), name.end(), '_', '-');
    for (const auto& spec : set.specs())
      for (const auto& known : spec.names) {
        if (!known.starts_with(name) || found == &spec) continue;
        if (found != nullptr) return word;
        found = &spec;
      }
  }
  return found == nullptr ? word : "--" + found->name() + rest;
}

}  // namespace

Result<ParsedArguments> parse_arguments(const config::OptionSet& set, std::size_t max_positionals, const std::vector<std::string>& words) {
  ParsedArguments parsed{config::OptionBag(set)};
  CLI::App app;
  app.set_help_flag();
  app.allow_extras();
  app.add_flag("-h,--help", parsed.help);
  struct Slot {
    const OptionSpec* spec;
    CLI::Option* option;
    std::vector<std::string> words{};
  };
  std::vector<Slot> slots;
  slots.reserve(set.specs().size());  // CLI11 keeps references to the vectors
  for (const auto& spec : set.specs()) {
    auto& slot = slots.emplace_back(Slot{&spec, nullptr});
    std::string names;
    for (const auto& name : spec.names) names += (names.empty() ? "--" : ",--") + name;
    slot.option = app.add_option(names, slot.words);
    // At least none: a missing value is reported by the conversion, with the argument's name and an example.
    slot.option->type_size(1)->take_all();
    if (spec.kind == OptionKind::kFlag) slot.option->expected(0, 1);
    else if (takes_many(spec.kind)) slot.option->expected(0, CLI::detail::expected_max_vector_size);
    else slot.option->expected(0, 1);
    // CLI11 takes an unlimited list without this for a flag.
    slot.option->allow_extra_args(takes_many(spec.kind));
  }
  if (max_positionals > 0) app.add_option("positionals", parsed.positionals)->expected(0, static_cast<int>(max_positionals))->allow_extra_args(false);

  // CLI11 takes the words from the back. A flag must not swallow the word behind it, so it gets its value with '='.
  std::vector<std::string> reversed;
  for (const auto& word : words) {
    auto full = completed(set, word);
    const auto* spec = full.starts_with("--") && full.find('=') == full.npos ? set.find(full.substr(2)) : nullptr;
    if (spec != nullptr && spec->kind == OptionKind::kFlag) full += "=true";
    reversed.push_back(std::move(full));
  }
  std::reverse(reversed.begin(), reversed.end());
  try {
    app.parse(std::move(reversed));
  } catch (const CLI::ParseError& error) {
    return Status{StatusCode::kInvalidArgument, error.what()};
  }
  parsed.unknown = app.remaining();
  for (auto& slot : slots) {
    if (slot.option->count() == 0) continue;
    auto& given = slot.words;
    // CLI11 reports an argument without a value as one empty word.
    const bool missing = std::all_of(given.begin(), given.end(), [](const std::string& word) { return word.empty(); });
    if (missing && slot.spec->kind == OptionKind::kText && std::find(words.begin(), words.end(), "") != words.end()) continue;
    if (missing) given.clear();
    const std::string where = "--" + slot.spec->name();
    if (missing && !takes_many(slot.spec->kind)) return Status{StatusCode::kInvalidArgument, where + ": a value is missing"};
    if (missing && slot.spec->kind != OptionKind::kTextList && slot.spec->kind != OptionKind::kKeyValues)
      return Status{StatusCode::kInvalidArgument, where + ": a value is missing"};
    if (slot.spec->kind == OptionKind::kFlag && given.back() != "true" && given.back() != "false")
      return Status{StatusCode::kInvalidArgument, where + ": '" + given.back() + "' is neither true nor false; the argument stands alone"};
    if (auto status = parsed.options.set_from_words(*slot.spec, given, where); !status.ok()) return status;
  }
  return parsed;
}

}  // namespace jina::cli
