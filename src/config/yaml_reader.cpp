#include "config/yaml_reader.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <map>
#include <optional>
#include <sstream>

#include "config/scalar.hpp"

namespace jina::config {
namespace {

/// Raised inside the parser's callbacks, turned into a Status by read_yaml().
struct Bad {
  Position position;
  std::string message;
};

Position position_of(const YAML::Mark& mark) { return {mark.line + 1, mark.column + 1}; }

constexpr std::string_view kStandardTag = "tag:yaml.org,2002:";

class TreeBuilder final : public YAML::EventHandler {
 public:
  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    Node node;
    node.position = position_of(mark);
    add(std::move(node), anchor);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) throw Bad{position_of(mark), "an alias inside the value that it stands for"};
    add(found->second, YAML::NullAnchor);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, const std::string& value) override {
    add(scalar(position_of(mark), tag, value), anchor);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, YAML::EmitterStyle::value) override {
    if (!class_name(tag).empty())
      throw Bad{position_of(mark), "the tag " + tag + " stands before a list; it names a class and belongs before a map"};
    open(Node::of_list({}, position_of(mark)), anchor);
  }
  void OnSequenceEnd() override { close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, YAML::EmitterStyle::value) override {
    Node map = Node::of_map({}, position_of(mark));
    if (const auto name = class_name(tag); !name.empty())
      map.entries.push_back({"jtype", map.position, Node::of_text(std::string(name), map.position)});
    open(std::move(map), anchor);
  }
  void OnMapEnd() override { close(); }

  Node take_root() { return std::move(root_); }

 private:
  struct Frame {
    Node node;
    YAML::anchor_t anchor;
    std::optional<NodeEntry> key{};  // read, waiting for its value
    std::vector<Node> merges{};      // values of `<<`
  };

  /// "Flow" of "!Flow"; empty for YAML's own tags.
  static std::string_view class_name(std::string_view tag) {
    if (tag.size() < 2 || tag.front() != '!') return {};
    return tag.substr(1);
  }

  static Node scalar(Position position, const std::string& tag, const std::string& value) {
    if (tag == "?" || tag.empty()) return resolve_plain_scalar(value, position);
    if (const auto name = class_name(tag); !name.empty()) {
      if (!value.empty())
        throw Bad{position, "the tag " + tag + " stands before a text; it names a class and belongs before a map"};
      return Node::of_map({{"jtype", position, Node::of_text(std::string(name), position)}}, position);
    }
    if (tag.starts_with(kStandardTag) && tag.substr(kStandardTag.size()) != "str") {
      Node node = resolve_plain_scalar(value, position);
      const std::string wanted = tag.substr(kStandardTag.size());
      if (wanted == "float" && node.kind == NodeKind::kInteger) node = Node::of_number(static_cast<double>(node.integer), position);
      return node;
    }
    return Node::of_text(value, position);
  }

  void count(const Node& node) {
    // Aliases of aliases can make a small text huge; no configuration is this large.
    constexpr std::size_t kLimit = 1'000'000;
    if (++nodes_ > kLimit) throw Bad{node.position, "more than a million values; are there aliases inside aliases?"};
    for (const auto& item : node.items) count(item);
    for (const auto& entry : node.entries) count(entry.value);
  }

  void open(Node node, YAML::anchor_t anchor) {
    if (stack_.size() >= 200) throw Bad{node.position, "nested more than 200 levels deep"};
    stack_.push_back({std::move(node), anchor});
  }

  void close() {
    Frame frame = std::move(stack_.back());
    stack_.pop_back();
    for (auto& merge : frame.merges)
      for (auto& entry : merge.entries)
        if (frame.node.find(entry.key) == nullptr) frame.node.entries.push_back(std::move(entry));
    add(std::move(frame.node), frame.anchor);
  }

  void add(Node node, YAML::anchor_t anchor) {
    if (stack_.empty() || anchor != YAML::NullAnchor || node.is_scalar()) count(node);
    if (anchor != YAML::NullAnchor) anchors_[anchor] = node;
    if (stack_.empty()) {
      root_ = std::move(node);
      return;
    }
    Frame& frame = stack_.back();
    if (frame.node.is_list()) {
      frame.node.items.push_back(std::move(node));
    } else if (!frame.key) {
      add_key(frame, std::move(node));
    } else {
      add_entry(frame, std::move(node));
    }
  }

  static void add_key(Frame& frame, Node node) {
    if (!node.is_scalar()) throw Bad{node.position, "a key must be a word, not " + std::string(describe(node.kind))};
    // Keys keep their spelling: `on` and `1` are names here.
    std::string key = node.is_text() ? node.text : node.is_null() ? std::string{} : node.to_text();
    if (frame.node.find(key) != nullptr) throw Bad{node.position, "the key '" + key + "' stands here twice"};
    frame.key = NodeEntry{std::move(key), node.position};
  }

  static void add_entry(Frame& frame, Node node) {
    NodeEntry entry = std::move(*frame.key);
    frame.key.reset();
    if (entry.key != "<<") {
      entry.value = std::move(node);
      frame.node.entries.push_back(std::move(entry));
      return;
    }
    if (node.is_map()) {
      frame.merges.push_back(std::move(node));
      return;
    }
    for (auto& item : node.items) {
      if (!item.is_map()) throw Bad{item.position, "'<<' takes a map or a list of maps"};
      frame.merges.push_back(std::move(item));
    }
    if (!node.is_list()) throw Bad{node.position, "'<<' takes a map or a list of maps"};
  }

  std::vector<Frame> stack_;
  std::map<YAML::anchor_t, Node> anchors_;
  Node root_;
  std::size_t nodes_ = 0;
};

/// yaml-cpp does not report a tag that is the last thing of the text; an empty map after it says the same.
std::string with_closed_tag(std::string_view text) {
  std::string out(text);
  const auto end = out.find_last_not_of(" \t\r\n");
  if (end == out.npos) return out;
  const auto begin = out.find_last_of(" \t\r\n", end);
  const auto first = begin == out.npos ? 0 : begin + 1;
  const auto line_start = out.rfind('\n', end);
  const auto comment = out.find('#', line_start == out.npos ? 0 : line_start);
  if (out[first] == '!' && end > first && comment == out.npos) out.insert(end + 1, " {}");
  return out;
}

}  // namespace

Result<Node> read_yaml(std::string_view text, const std::string& source) {
  std::istringstream stream(with_closed_tag(text));
  TreeBuilder builder;
  try {
    YAML::Parser parser(stream);
    if (!parser.HandleNextDocument(builder)) return Node{};
    if (parser) {
      TreeBuilder rest;
      if (parser.HandleNextDocument(rest) && !rest.take_root().is_null())
        return error_at(source, {}, "has several YAML documents ('---'); only one is read");
    }
  } catch (const Bad& bad) {
    return error_at(source, bad.position, bad.message);
  } catch (const YAML::Exception& error) {
    return error_at(source, error.mark.is_null() ? Position{} : position_of(error.mark), "not valid YAML: " + error.msg);
  }
  return builder.take_root();
}

}  // namespace jina::config
