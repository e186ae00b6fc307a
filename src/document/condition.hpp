// Condition: a `when` filter of a Flow, compiled from its JSON (`{"tags__x": {"$eq": 1}}`); says which Documents a node gets.
//
// Operators: $eq $neq $gt $gte $lt $lte $in $nin $regex $size $exists, joined by $and, $or (lists) and $not; several fields or
// operators in one object all have to hold. A field is a path with `__` between its parts, numbers index lists; a string
// `{other__field}` stands for the value of that field. Order, $regex and $size are false for a missing value.
//
// Thread: immutable after compile(); shared by all I/O threads. Lifetime: owns what it needs of the JSON. Cancellation: none.
#pragma once
#include <boost/json/value.hpp>
#include <memory>

#include "jina/document.hpp"
#include "jina/status.hpp"

namespace jina {

class Condition {
 public:
  /// INVALID_ARGUMENT that names the place in the filter and what is allowed there. An empty object lets everything pass.
  static Result<Condition> compile(const boost::json::value& filter);

  bool matches(const Document& document) const;

  class Node;

 private:
  explicit Condition(std::shared_ptr<const Node> root) : root_(std::move(root)) {}
  std::shared_ptr<const Node> root_;  // null: everything passes
};

}  // namespace jina
