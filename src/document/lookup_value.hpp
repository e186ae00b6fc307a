// LookupValue: what a path like `tags__a__b` finds in a Document, with Python's idea of equality, order and size. Used by the
// conditions of a graph.
//
// Thread: plain value. Lifetime: points into the Document (or JSON value) that it was taken from. Cancellation: none.
#pragma once
#include <boost/json/value.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "jina/document.hpp"

namespace jina {

class LookupValue {
 public:
  /// Nothing: Python's None.
  LookupValue() = default;
  /// A literal; null is nothing.
  explicit LookupValue(const boost::json::value& value);

  /// The field of that name; unknown names give nothing (see is_document_field).
  static LookupValue field_of(const Document& document, std::string_view name);
  /// Follows a path: field names, keys, indices (negative ones count from the end). What is not there is nothing.
  static LookupValue find(const Document& document, const std::vector<std::string>& path);

  bool is_nothing() const noexcept { return value_.index() == 0; }
  /// Numbers and booleans, which are 0 and 1 to Python.
  std::optional<double> number() const noexcept;
  std::optional<std::string_view> string() const noexcept;
  /// len(): of text in code points; empty for what has no length.
  std::optional<std::size_t> size() const noexcept;
  /// Whether docarray takes a field with this value as set: not nothing, not the default.
  bool is_set() const noexcept;

  friend bool operator==(const LookupValue& a, const LookupValue& b) noexcept;
  /// -1, 0, 1; empty when the two have no order.
  static std::optional<int> compare(const LookupValue& a, const LookupValue& b) noexcept;
  /// `item in this`: element of a list, key of an object, part of a text.
  bool contains(const LookupValue& item) const noexcept;

 private:
  using Object = const boost::json::object*;
  using Array = const boost::json::array*;
  using Variant =
      std::variant<std::monostate, bool, double, std::string_view, const Bytes*, Object, Array, const std::vector<float>*,
                   const Tensor*, const DocumentArray*, const Document*, const NamedScores*, const NamedScore*>;
  template <class T>
  explicit LookupValue(std::in_place_t, T value) : value_(value) {}
  LookupValue step(std::string_view part) const;
  LookupValue element(std::int64_t index) const;

  Variant value_;
  bool keeps_default_ = false;  // fields that docarray counts as set even when empty
};

bool is_document_field(std::string_view name) noexcept;
/// "a__b__c" -> a, b, c.
std::vector<std::string> split_lookup_path(std::string_view path);

}  // namespace jina
