// OptionSpec, OptionSet, OptionBag: one description of each argument, from which come the command line, the YAML keys of the same
// name (dashes become underscores), the help text, the shell completions and the arguments of child processes.
//
// Thread: built at start-up, constant afterwards. Lifetime: a bag refers to its set. Cancellation: none.
#pragma once
#include <boost/json/value.hpp>
#include <initializer_list>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/node.hpp"
#include "jina/status.hpp"

namespace jina::config {

enum class OptionKind : std::uint8_t {
  kFlag,  ///< stands alone on the command line; true/false in YAML
  kText,
  kInteger,
  kTextList,  ///< by blanks or commas
  kWords,     ///< compiler flags: a text as a shell splits it, or a list of words; on the command line one dash makes no argument
  kPorts,     ///< whole numbers 0..65535, by blanks or commas
  kChoice,    ///< one of `choices`, in any case unless `exact_case`
  kChoiceList,
  kKeyValues,  ///< k:v, k=v or JSON on the command line; a map in YAML
  kJson,       ///< JSON text on the command line; a map or list in YAML
};

struct OptionSpec {
  std::vector<std::string> names;  ///< without dashes in front; the first one is the name, the others are aliases
  OptionKind kind = OptionKind::kText;
  std::string help{};
  boost::json::value fallback{};  ///< the default; null: none
  std::vector<std::string> choices{};
  bool exact_case = false;
  std::string group = "Options";
  bool effective = true;      ///< false: accepted because Jina has it, and named in one warning when it is set
  bool hidden = false;        ///< left out of --help
  std::string placeholder{};  ///< in --help instead of the kind's own

  const std::string& name() const { return names.front(); }
};

class OptionSet {
 public:
  OptionSet& add(OptionSpec spec);
  OptionSet& add(const OptionSet& other);
  /// Says that these names have an effect where this set is used.
  OptionSet& mark_effective(std::initializer_list<std::string_view> names);
  /// By name or alias; underscores count as dashes.
  const OptionSpec* find(std::string_view name) const;
  std::span<const OptionSpec> specs() const noexcept { return specs_; }
  /// All names and aliases, dash-spelled; `underscores` for YAML.
  std::vector<std::string> all_names(bool underscores) const;

 private:
  std::vector<OptionSpec> specs_;
};

/// Values by option name. What was not set reads as its default.
class OptionBag {
 public:
  explicit OptionBag(const OptionSet& set) : set_(&set) {}

  const OptionSet& set() const noexcept { return *set_; }
  /// `where` starts the error: "--prefetch", or "flow.yml:3:5: prefetch".
  Status set_from_words(const OptionSpec& spec, std::span<const std::string> words, const std::string& where);
  Status set_from_node(const OptionSpec& spec, const Node& value, const std::string& where);
  void set_value(std::string_view name, boost::json::value value);

  bool is_set(std::string_view name) const;
  /// The value or the default; null when there is neither. Throws std::logic_error for a name that the set does not have.
  const boost::json::value& get(std::string_view name) const;
  /// Null reads as "" / `otherwise` / false / empty.
  std::string text(std::string_view name) const;
  std::int64_t integer(std::string_view name, std::int64_t otherwise = 0) const;
  bool flag(std::string_view name) const;
  std::vector<std::string> texts(std::string_view name) const;
  std::vector<std::uint16_t> ports(std::string_view name) const;
  boost::json::object object(std::string_view name) const;

  /// What was set, in the order of the set.
  std::vector<const OptionSpec*> set_options() const;
  /// Names of set options without an effect here, "--x" spelled.
  std::vector<std::string> ineffective() const;
  /// The set values as command line words, in a form that this and Jina's own command line read.
  std::vector<std::string> to_words() const;

 private:
  const OptionSet* set_;
  std::map<std::string, boost::json::value, std::less<>> values_;
};

/// Fills `bag` from the entries of a YAML map. Keys that `bag.set()` lacks are given back.
Result<std::vector<const NodeEntry*>> set_from_map(OptionBag& bag, const Node& map, const std::string& source);

}  // namespace jina::config
