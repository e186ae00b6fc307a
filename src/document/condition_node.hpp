// The tree that a Condition is compiled to. Private to the folder.
//
// Thread: immutable. Lifetime: a node owns its children. Cancellation: none.
#pragma once
#include <re2/re2.h>

#include <memory>
#include <string>
#include <vector>

#include "document/condition.hpp"
#include "document/lookup_value.hpp"

namespace jina {

class Condition::Node {
 public:
  virtual ~Node() = default;
  virtual bool matches(const Document& document) const = 0;
};

enum class LookupOperator : std::uint8_t { kEq, kNeq, kGt, kGte, kLt, kLte, kIn, kNin, kRegex, kSize, kExists };

/// All or any of the children, possibly turned around.
struct ConditionGroup final : Condition::Node {
  enum class Join : std::uint8_t { kAll, kAny, kNotAll };
  explicit ConditionGroup(Join join) : join(join) {}
  bool matches(const Document& document) const override;

  Join join;
  std::vector<std::shared_ptr<const Node>> children;
};

/// One field, one operator, one operand.
struct ConditionLeaf final : Condition::Node {
  bool matches(const Document& document) const override;

  std::vector<std::string> path;
  LookupOperator op = LookupOperator::kEq;
  boost::json::value operand;
  std::vector<std::string> operand_path;  // set when the operand is another field
  std::unique_ptr<RE2> regex;             // set for a constant $regex
};

}  // namespace jina
