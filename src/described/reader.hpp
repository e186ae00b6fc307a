// Reader: one reading of a value: descends into it beside the tables and collects what is wrong.
//
// Thread: plain object, one thread. Lifetime: options, location and errors outlive it. Cancellation: none.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "described/place.hpp"
#include "described/rules.hpp"
#include "described/scalars.hpp"

namespace jina::described {

class Reader {
 public:
  Reader(const ReadOptions& options, const boost::json::array& at, std::vector<InputError>& errors)
      : options_(options), at_(at), errors_(errors) {}

  /// `rules` are those of the member that the value is (a part) of; null for a root.
  bool read(const TypeInfo& type, const MemberRules* rules, void* into, const boost::json::value& value, const Place& place);
  bool missing(const Place& place) { return error(place, "field required", "value_error.missing"); }
  /// What `describe` said of a text (constraints.cpp).
  bool check_text(const MemberRules* rules, std::string_view text, const Place& place);

 private:
  bool read_struct(const TypeInfo& type, void* into, const boost::json::value& value, const Place& place);
  bool read_list(const TypeInfo& type, const MemberRules* rules, void* into, const boost::json::value& value, const Place& place);
  bool read_map(const TypeInfo& type, const MemberRules* rules, void* into, const boost::json::value& value, const Place& place);

  bool read_bool(bool& into, const boost::json::value& value, const Place& place);
  bool read_integer(const TypeInfo& type, const MemberRules* rules, void* into, const boost::json::value& value,
                    const Place& place);
  bool read_float(const TypeInfo& type, const MemberRules* rules, void* into, const boost::json::value& value, const Place& place);
  bool read_text(const MemberRules* rules, std::string& into, const boost::json::value& value, const Place& place);
  bool read_bytes(Bytes& into, const boost::json::value& value, const Place& place);
  bool read_enum(const TypeInfo& type, void* into, const boost::json::value& value, const Place& place);

  // What `describe` said (constraints.cpp).
  bool check_limits(const MemberRules* rules, long double value, const Place& place);
  bool check_items(const MemberRules& rules, std::size_t count, const Place& place);

  bool too_low(const Place& place, const boost::json::value& limit);
  bool too_high(const Place& place, const boost::json::value& limit);
  /// Always false.
  bool error(const Place& place, std::string message, std::string_view type, boost::json::object context = {});
  bool full() const noexcept;

  const ReadOptions& options_;
  const boost::json::array& at_;
  std::vector<InputError>& errors_;
  bool inside_list_ = false;  // where min_items and max_items have been seen to
};

}  // namespace jina::described
