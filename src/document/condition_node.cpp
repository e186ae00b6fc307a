#include "document/condition_node.hpp"

#include <algorithm>

namespace jina {
namespace {

bool search(const LookupValue& value, const RE2& regex) {
  const auto text = value.string();
  return text && RE2::PartialMatch(re2::StringPiece(text->data(), text->size()), regex);
}

}  // namespace

bool ConditionGroup::matches(const Document& document) const {
  const auto holds = [&](const auto& child) { return child->matches(document); };
  switch (join) {
    case Join::kAll: return std::all_of(children.begin(), children.end(), holds);
    case Join::kAny: return std::any_of(children.begin(), children.end(), holds);
    case Join::kNotAll: return !std::all_of(children.begin(), children.end(), holds);
  }
  return false;
}

bool ConditionLeaf::matches(const Document& document) const {
  const LookupValue value = LookupValue::find(document, path);
  const LookupValue wanted = operand_path.empty() ? LookupValue(operand) : LookupValue::find(document, operand_path);
  const auto ordered = [&](auto accept) {
    const auto order = LookupValue::compare(value, wanted);
    return order && accept(*order);
  };
  switch (op) {
    case LookupOperator::kEq: return value == wanted;
    case LookupOperator::kNeq: return !(value == wanted);
    case LookupOperator::kGt: return ordered([](int order) { return order > 0; });
    case LookupOperator::kGte: return ordered([](int order) { return order >= 0; });
    case LookupOperator::kLt: return ordered([](int order) { return order < 0; });
    case LookupOperator::kLte: return ordered([](int order) { return order <= 0; });
    case LookupOperator::kIn: return wanted.contains(value);
    case LookupOperator::kNin: return !wanted.contains(value);
    case LookupOperator::kSize: {
      const auto size = value.size();
      const auto number = wanted.number();
      return size && number && static_cast<double>(*size) == *number;
    }
    case LookupOperator::kExists: {
      // A path asks for a value, a plain field for one that is not its default.
      const bool exists = path.size() > 1 ? !value.is_nothing() : value.is_set();
      return exists == (wanted.number() == 1.0);
    }
    case LookupOperator::kRegex: {
      if (regex != nullptr) return search(value, *regex);
      const auto pattern = wanted.string();
      if (!pattern) return false;
      RE2::Options options;
      options.set_log_errors(false);
      const RE2 dynamic(re2::StringPiece(pattern->data(), pattern->size()), options);
      return dynamic.ok() && search(value, dynamic);
    }
  }
  return false;
}

}  // namespace jina
