#include "cli/arguments.hpp"

#include <algorithm>
#include <cctype>
#include <span>

namespace jina::cli {

using config::OptionKind;
using config::OptionSpec;

namespace {

bool takes_many(OptionKind kind) {
  return kind == OptionKind::kTextList || kind == OptionKind::kPorts || kind == OptionKind::kChoiceList ||
         kind == OptionKind::kKeyValues || kind == OptionKind::kWords;
}

/// Of these, what was given before counts too.
bool adds_up(OptionKind kind) { return kind == OptionKind::kKeyValues || kind == OptionKind::kWords; }

/// As Python's argparse tells them apart: "-1", "-" and "- two words" are values, "--name=two words" has one.
bool is_name(std::string_view word) {
  if (word.size() < 2 || word[0] != '-') return false;
  if (word.substr(0, word.starts_with("--") ? word.find('=') : std::string::npos).find(' ') != std::string::npos) return false;
  const char second = word[1] == '.' && word.size() > 2 ? word[2] : word[1];
  return std::isdigit(static_cast<unsigned char>(second)) == 0;
}

/// Compiler flags begin with one dash, arguments with two.
bool is_value(const OptionSpec& spec, std::string_view word) {
  return spec.kind == OptionKind::kWords ? !word.starts_with("--") && word != "-h" : !is_name(word);
}

/// The argument of this name, or the only one that begins so; '_' passes for '-'.
const OptionSpec* find_argument(const config::OptionSet& set, std::string_view name) {
  if (const OptionSpec* exact = set.find(name)) return exact;
  std::string dashed(name);
  std::replace(dashed.begin(), dashed.end(), '_', '-');
  const OptionSpec* found = nullptr;
  for (const auto& spec : set.specs()) {
    for (const auto& known : spec.names) {
      if (!known.starts_with(dashed) || found == &spec) continue;
      if (known == dashed) return &spec;
      if (found != nullptr) return nullptr;
      found = &spec;
    }
  }
  return found;
}

struct Given {
  const OptionSpec* spec;
  std::vector<std::string> words{};
};

/// `rest` begins behind the argument's name; what it takes is removed from it.
Status take_values(Given& given, std::span<const std::string>& rest) {
  const std::string where = "--" + given.spec->name();
  const bool has_value = !rest.empty() && is_value(*given.spec, rest.front());
  if (takes_many(given.spec->kind)) {
    // Given twice, key-value pairs and flags add up; of lists the last one counts.
    if (!adds_up(given.spec->kind)) given.words.clear();
    while (!rest.empty() && is_value(*given.spec, rest.front())) {
      given.words.push_back(rest.front());
      rest = rest.subspan(1);
    }
    if (!has_value && given.spec->kind != OptionKind::kTextList && given.spec->kind != OptionKind::kKeyValues)
      return Status{StatusCode::kInvalidArgument, where + ": a value is missing"};
    return {};
  }
  if (!has_value) return Status{StatusCode::kInvalidArgument, where + ": a value is missing"};
  given.words = {rest.front()};
  rest = rest.subspan(1);
  return {};
}

Status take_attached(Given& given, std::string_view value) {
  const std::string where = "--" + given.spec->name();
  if (given.spec->kind == OptionKind::kFlag && value != "true" && value != "false")
    return Status{StatusCode::kInvalidArgument,
                  where + ": '" + std::string(value) + "' is neither true nor false; the argument stands alone"};
  if (value.empty() && given.spec->kind != OptionKind::kText)
    return Status{StatusCode::kInvalidArgument, where + ": a value is missing"};
  if (!adds_up(given.spec->kind)) given.words.clear();
  given.words.emplace_back(value);
  return {};
}

}  // namespace

Result<ParsedArguments> parse_arguments(const config::OptionSet& set, std::size_t max_positionals,
                                        const std::vector<std::string>& words) {
  ParsedArguments parsed{config::OptionBag(set)};
  std::vector<Given> all;
  bool names_end = false;
  for (std::span<const std::string> rest(words); !rest.empty();) {
    const std::string& word = rest.front();
    rest = rest.subspan(1);
    if (names_end || !is_name(word)) {
      (parsed.positionals.size() < max_positionals ? parsed.positionals : parsed.unknown).push_back(word);
      continue;
    }
    if (word == "--") {
      names_end = true;
      continue;
    }
    if (word == "-h" || word == "--help") {
      parsed.help = true;
      continue;
    }
    const auto equals = word.find('=');
    const OptionSpec* spec = nullptr;
    if (word.starts_with("--"))
      spec = find_argument(set, std::string_view(word).substr(2, equals == std::string::npos ? std::string::npos : equals - 2));
    else if (word.size() == 2)
      spec = set.find(word.substr(1));  // "-o"
    if (spec == nullptr) {
      // Its values, if any, are unknown words too, not positionals.
      parsed.unknown.push_back(word);
      for (; equals == std::string::npos && max_positionals == 0 && !rest.empty() && !is_name(rest.front()); rest = rest.subspan(1))
        parsed.unknown.push_back(rest.front());
      continue;
    }
    auto given = std::find_if(all.begin(), all.end(), [&](const Given& each) { return each.spec == spec; });
    if (given == all.end()) given = all.insert(all.end(), Given{spec});
    Status status;
    if (equals != std::string::npos)
      status = take_attached(*given, std::string_view(word).substr(equals + 1));
    else if (spec->kind == OptionKind::kFlag)
      given->words = {"true"};
    else
      status = take_values(*given, rest);
    if (!status.ok()) return status;
  }
  for (const Given& given : all)
    if (auto status = parsed.options.set_from_words(*given.spec, given.words, "--" + given.spec->name()); !status.ok())
      return status;
  return parsed;
}

}  // namespace jina::cli
