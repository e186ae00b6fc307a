// Node: a configuration value (YAML or JSON) that remembers where it stood, so that every error can name line and column.
//
// Thread: plain value. Lifetime: owns its children. Cancellation: none.
#pragma once
#include <boost/json/value.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "jina/status.hpp"

namespace jina::config {

/// Counted from 1; 0 means that the value does not come from a text.
struct Position {
  int line = 0;
  int column = 0;
  friend bool operator==(const Position&, const Position&) = default;
};

enum class NodeKind : std::uint8_t { kNull, kBool, kInteger, kNumber, kText, kList, kMap };
/// "a list", "a whole number": for error messages.
std::string_view describe(NodeKind kind) noexcept;

struct NodeEntry;

struct Node {
  NodeKind kind = NodeKind::kNull;
  Position position{};
  bool boolean = false;
  std::int64_t integer = 0;
  double number = 0;
  std::string text{};         ///< kText only
  std::vector<Node> items{};  ///< kList
  std::vector<NodeEntry>
      entries;  ///< kMap, in the order of the text; keys are unique (clang wants no initialiser of an incomplete type)

  static Node of_bool(bool value, Position position = {});
  static Node of_integer(std::int64_t value, Position position = {});
  static Node of_number(double value, Position position = {});
  static Node of_text(std::string value, Position position = {});
  static Node of_list(std::vector<Node> items, Position position = {});
  static Node of_map(std::vector<NodeEntry> entries, Position position = {});
  /// Integers beyond int64 become numbers.
  static Node of_json(const boost::json::value& value, Position position = {});

  bool is_null() const noexcept { return kind == NodeKind::kNull; }
  bool is_text() const noexcept { return kind == NodeKind::kText; }
  bool is_list() const noexcept { return kind == NodeKind::kList; }
  bool is_map() const noexcept { return kind == NodeKind::kMap; }
  bool is_scalar() const noexcept { return !is_list() && !is_map(); }

  /// The value of `key` in a map; null when it is not there or this is no map.
  const Node* find(std::string_view key) const noexcept;
  Node* find(std::string_view key) noexcept;
  const NodeEntry* find_entry(std::string_view key) const noexcept;
  /// Takes `key` out of a map; a null Node when it is not there.
  Node take(std::string_view key);

  boost::json::value to_json() const;
  /// A scalar as Python's str() writes it: True, 1.0, None; lists and maps as JSON.
  std::string to_text() const;
};

struct NodeEntry {
  std::string key;
  Position position{};
  Node value{};
};

/// An INVALID_ARGUMENT that reads "flow.yml:5:3: message"; the position is left out when it is unknown, the source when empty.
Status error_at(std::string_view source, Position position, std::string_view message);
/// The same text without making an error of it, for warnings.
std::string place(std::string_view source, Position position, std::string_view message);

}  // namespace jina::config
