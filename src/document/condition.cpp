#include "document/condition.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <utility>

#include "document/condition_node.hpp"

namespace jina {
namespace {

namespace json = boost::json;
using NodePtr = std::shared_ptr<const Condition::Node>;
using Join = ConditionGroup::Join;

constexpr int kMaxDepth = 100;

constexpr auto kOperators = std::to_array<std::pair<std::string_view, LookupOperator>>({
    {"$eq", LookupOperator::kEq},
    {"$neq", LookupOperator::kNeq},
    {"$gt", LookupOperator::kGt},
    {"$gte", LookupOperator::kGte},
    {"$lt", LookupOperator::kLt},
    {"$lte", LookupOperator::kLte},
    {"$in", LookupOperator::kIn},
    {"$nin", LookupOperator::kNin},
    {"$regex", LookupOperator::kRegex},
    {"$size", LookupOperator::kSize},
    {"$exists", LookupOperator::kExists},
});

Status wrong(const std::string& place, const std::string& what) {
  return {StatusCode::kInvalidArgument, "condition" + (place.empty() ? std::string() : " at " + place) + ": " + what};
}

std::string inside(const std::string& place, std::string_view key) {
  return place.empty() ? std::string(key) : place + "." + std::string(key);
}

std::optional<Join> find_join(std::string_view key) {
  if (key == "$and") return Join::kAll;
  if (key == "$or") return Join::kAny;
  if (key == "$not") return Join::kNotAll;
  return std::nullopt;
}

Result<std::vector<std::string>> compile_path(std::string_view path, const std::string& place) {
  std::vector<std::string> parts = split_lookup_path(path);
  if (!is_document_field(parts.front()))
    return wrong(place, "a Document has no field '" + parts.front() + "'; own values are found under tags, as in tags__" +
                            std::string(path));
  return parts;
}

// The name inside of "{name}", when the text has exactly one such place and begins with a brace.
Result<std::vector<std::string>> compile_placeholder(std::string_view text, const std::string& place) {
  std::vector<std::string> names;
  for (std::size_t open = text.find('{'); open != std::string_view::npos; open = text.find('{', open + 1)) {
    std::size_t at = open + 1;
    const auto blank = [&] { return at < text.size() && std::isspace(static_cast<unsigned char>(text[at])) != 0; };
    while (blank()) ++at;
    const std::size_t begin = at;
    while (at < text.size() && (std::isalnum(static_cast<unsigned char>(text[at])) != 0 || text[at] == '_')) ++at;
    const std::size_t end = at;
    while (blank()) ++at;
    if (at < text.size() && text[at] == '}') names.emplace_back(text.substr(begin, end - begin));
  }
  if (names.size() != 1)
    return wrong(
        place, "'" + std::string(text) + "' begins with a brace, so it has to name one field of the Document, as in {tags__name}");
  return compile_path(names.front(), place);
}

Result<NodePtr> compile_leaf(std::string_view field, std::string_view op, const json::value& operand, const std::string& place) {
  auto leaf = std::make_shared<ConditionLeaf>();
  Result<std::vector<std::string>> path = compile_path(field, place);
  if (!path) return std::move(path).error();
  leaf->path = std::move(*path);
  const auto* known = std::find_if(kOperators.begin(), kOperators.end(), [&](const auto& entry) { return entry.first == op; });
  const std::string op_place = inside(place, op);
  if (known == kOperators.end())
    return wrong(op_place,
                 "there is no such operator; use one of $eq $neq $gt $gte $lt $lte $in $nin $regex $size $exists $and $or $not");
  leaf->op = known->second;
  leaf->operand = operand;
  if (operand.is_string() && operand.get_string().starts_with('{')) {
    Result<std::vector<std::string>> other = compile_placeholder(operand.get_string(), op_place);
    if (!other) return std::move(other).error();
    leaf->operand_path = std::move(*other);
    return NodePtr(std::move(leaf));
  }
  switch (leaf->op) {
    case LookupOperator::kIn:
    case LookupOperator::kNin:
      if (!operand.is_array() && !operand.is_string() && !operand.is_object())
        return wrong(op_place, "expects a list, got " + json::serialize(operand));
      break;
    case LookupOperator::kExists:
      if (!operand.is_bool()) return wrong(op_place, "expects true or false, got " + json::serialize(operand));
      break;
    case LookupOperator::kSize:
      if (!operand.is_number()) return wrong(op_place, "expects a number, got " + json::serialize(operand));
      break;
    case LookupOperator::kRegex: {
      if (!operand.is_string()) return wrong(op_place, "expects a regular expression as a string, got " + json::serialize(operand));
      RE2::Options options;
      options.set_log_errors(false);
      leaf->regex = std::make_unique<RE2>(re2::StringPiece(operand.get_string().data(), operand.get_string().size()), options);
      if (!leaf->regex->ok())
        return wrong(op_place,
                     "'" + std::string(operand.get_string()) + "' is no regular expression of RE2: " + leaf->regex->error());
      break;
    }
    default: break;
  }
  return NodePtr(std::move(leaf));
}

Status add_query(ConditionGroup& group, const json::value& query, const std::string& place, int depth);

Result<NodePtr> compile_group(Join join, const json::value& query, const std::string& place, int depth) {
  auto group = std::make_shared<ConditionGroup>(join);
  if (Status status = add_query(*group, query, place, depth); !status.ok()) return status;
  return NodePtr(std::move(group));
}

Result<NodePtr> compile_field(std::string_view field, const json::value& tests, const std::string& place, int depth) {
  if (!tests.is_object() || tests.get_object().empty())
    return wrong(place, "expects an object of operators, as in {\"" + std::string(field) + "\": {\"$eq\": 1}}, got " +
                            json::serialize(tests));
  auto all = std::make_shared<ConditionGroup>(Join::kAll);
  for (const auto& [op, operand] : tests.get_object()) {
    const std::optional<Join> join = find_join(op);
    // What stands under a joining operator is a query of its own, with fields of its own: the field around it has no part in it.
    Result<NodePtr> node =
        join ? compile_group(*join, operand, inside(place, op), depth + 1) : compile_leaf(field, op, operand, place);
    if (!node) return std::move(node).error();
    all->children.push_back(std::move(*node));
  }
  return all->children.size() == 1 ? all->children.front() : NodePtr(std::move(all));
}

Status add_query(ConditionGroup& group, const json::value& query, const std::string& place, int depth) {
  if (depth > kMaxDepth) return wrong(place, "nested too deep");
  if (query.is_array()) {
    for (std::size_t i = 0; i < query.get_array().size(); ++i) {
      Result<NodePtr> node = compile_group(Join::kAll, query.get_array()[i], place + "[" + std::to_string(i) + "]", depth + 1);
      if (!node) return std::move(node).error();
      group.children.push_back(std::move(*node));
    }
    return {};
  }
  if (!query.is_object()) return wrong(place, "expects an object or a list of objects, got " + json::serialize(query));
  for (const auto& [key, value] : query.get_object()) {
    const std::string key_place = inside(place, key);
    const std::optional<Join> join = find_join(key);
    if (!join && key.starts_with('$'))
      return wrong(key_place,
                   "an operator stands under the field that it tests, as in {\"text\": {\"$eq\": \"a\"}}; only $and, $or and $not "
                   "may stand here");
    Result<NodePtr> node =
        join ? compile_group(*join, value, key_place, depth + 1) : compile_field(key, value, key_place, depth + 1);
    if (!node) return std::move(node).error();
    group.children.push_back(std::move(*node));
  }
  return {};
}

}  // namespace

Result<Condition> Condition::compile(const json::value& filter) {
  if ((filter.is_object() && filter.get_object().empty()) || filter.is_null()) return Condition(nullptr);
  if (!filter.is_object()) return wrong({}, "expects an object, as in {\"tags__x\": {\"$eq\": 1}}, got " + json::serialize(filter));
  Result<NodePtr> root = compile_group(Join::kAll, filter, {}, 0);
  if (!root) return std::move(root).error();
  return Condition(std::move(*root));
}

bool Condition::matches(const Document& document) const { return root_ == nullptr || root_->matches(document); }

}  // namespace jina
