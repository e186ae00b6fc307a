#include "config/node.hpp"

#include <fmt/format.h>

#include <boost/json/serialize.hpp>
#include <cmath>

namespace jina::config {

std::string_view describe(NodeKind kind) noexcept {
  switch (kind) {
    case NodeKind::kNull: return "nothing";
    case NodeKind::kBool: return "true or false";
    case NodeKind::kInteger: return "a whole number";
    case NodeKind::kNumber: return "a number";
    case NodeKind::kText: return "a text";
    case NodeKind::kList: return "a list";
    case NodeKind::kMap: return "a map";
  }
  return "a value";
}

namespace {
Node make(NodeKind kind, Position position) {
  Node node;
  node.kind = kind;
  node.position = position;
  return node;
}
}  // namespace

Node Node::of_bool(bool value, Position position) {
  Node node = make(NodeKind::kBool, position);
  node.boolean = value;
  return node;
}

Node Node::of_integer(std::int64_t value, Position position) {
  Node node = make(NodeKind::kInteger, position);
  node.integer = value;
  return node;
}

Node Node::of_number(double value, Position position) {
  Node node = make(NodeKind::kNumber, position);
  node.number = value;
  return node;
}

Node Node::of_text(std::string value, Position position) {
  Node node = make(NodeKind::kText, position);
  node.text = std::move(value);
  return node;
}

Node Node::of_list(std::vector<Node> items, Position position) {
  Node node = make(NodeKind::kList, position);
  node.items = std::move(items);
  return node;
}

Node Node::of_map(std::vector<NodeEntry> entries, Position position) {
  Node node = make(NodeKind::kMap, position);
  node.entries = std::move(entries);
  return node;
}

Node Node::of_json(const boost::json::value& value, Position position) {
  switch (value.kind()) {
    case boost::json::kind::null: return make(NodeKind::kNull, position);
    case boost::json::kind::bool_: return of_bool(value.get_bool(), position);
    case boost::json::kind::int64: return of_integer(value.get_int64(), position);
    case boost::json::kind::uint64: return of_number(static_cast<double>(value.get_uint64()), position);
    case boost::json::kind::double_: return of_number(value.get_double(), position);
    case boost::json::kind::string: return of_text(std::string(value.get_string()), position);
    case boost::json::kind::array: {
      Node list = make(NodeKind::kList, position);
      for (const auto& item : value.get_array()) list.items.push_back(of_json(item, position));
      return list;
    }
    case boost::json::kind::object: {
      Node map = make(NodeKind::kMap, position);
      for (const auto& [key, item] : value.get_object())
        map.entries.push_back({std::string(key), position, of_json(item, position)});
      return map;
    }
  }
  return make(NodeKind::kNull, position);
}

const NodeEntry* Node::find_entry(std::string_view key) const noexcept {
  for (const auto& entry : entries)
    if (entry.key == key) return &entry;
  return nullptr;
}

const Node* Node::find(std::string_view key) const noexcept {
  const auto* entry = find_entry(key);
  return entry == nullptr ? nullptr : &entry->value;
}

Node* Node::find(std::string_view key) noexcept {
  for (auto& entry : entries)
    if (entry.key == key) return &entry.value;
  return nullptr;
}

Node Node::take(std::string_view key) {
  for (auto it = entries.begin(); it != entries.end(); ++it)
    if (it->key == key) {
      Node value = std::move(it->value);
      entries.erase(it);
      return value;
    }
  return {};
}

boost::json::value Node::to_json() const {
  switch (kind) {
    case NodeKind::kNull: return nullptr;
    case NodeKind::kBool: return boolean;
    case NodeKind::kInteger: return integer;
    case NodeKind::kNumber: return number;
    case NodeKind::kText: return boost::json::string(text);
    case NodeKind::kList: {
      boost::json::array array;
      array.reserve(items.size());
      for (const auto& item : items) array.push_back(item.to_json());
      return array;
    }
    case NodeKind::kMap: {
      boost::json::object object;
      object.reserve(entries.size());
      for (const auto& entry : entries) object[entry.key] = entry.value.to_json();
      return object;
    }
  }
  return nullptr;
}

std::string Node::to_text() const {
  switch (kind) {
    case NodeKind::kNull: return "None";
    case NodeKind::kBool: return boolean ? "True" : "False";
    case NodeKind::kInteger: return fmt::format("{}", integer);
    case NodeKind::kNumber:
      return std::isfinite(number) && number == std::floor(number) && std::abs(number) < 1e16 ? fmt::format("{:.1f}", number)
                                                                                              : fmt::format("{}", number);
    case NodeKind::kText: return text;
    case NodeKind::kList:
    case NodeKind::kMap: return boost::json::serialize(to_json());
  }
  return {};
}

std::string place(std::string_view source, Position position, std::string_view message) {
  std::string out(source);
  if (position.line > 0) {
    if (out.empty())
      out = "line " + std::to_string(position.line) + ", column " + std::to_string(position.column);
    else
      out += fmt::format(":{}:{}", position.line, position.column);
  }
  if (!out.empty()) out += ": ";
  out += message;
  return out;
}

Status error_at(std::string_view source, Position position, std::string_view message) {
  return {StatusCode::kInvalidArgument, place(source, position, message)};
}

}  // namespace jina::config
