// StructRules: what is known of a struct beyond its table: which members are required, and what its `describe` said. Made at first
// use and kept.
//
// Thread: constant once made; rules_of() from any thread. Lifetime: until the program ends. Cancellation: none.
#pragma once
#include <re2/re2.h>

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "jina/described.hpp"

namespace jina::described {

enum class LimitKind : std::uint8_t { kAtLeast, kAtMost, kGreater, kLess };

struct MemberRules {
  const StructRules* owner = nullptr;
  const Member* member = nullptr;
  bool required = false;
  std::string description{};
  std::optional<boost::json::value> example{};
  std::optional<std::size_t> min_length{}, max_length{}, min_items{}, max_items{};
  std::unique_ptr<RE2> pattern{};
  std::array<std::optional<boost::json::value>, 4> limits{};  ///< by LimitKind; numbers
};

struct StructRules {
  const StructInfo* info = nullptr;
  std::string_view name{};
  std::string description{};
  std::vector<MemberRules> members{};  ///< as in the table
};

/// REQUIRES: a struct. Throws std::logic_error for a mistake in its `describe`.
const StructRules& rules_of(const TypeInfo& type);

/// Whether the object is what a default without an initialiser is: zero or empty.
bool is_blank(const TypeInfo& type, const void* object);

/// A default-constructed object of a struct, destroyed with this.
class DefaultObject {
 public:
  explicit DefaultObject(const StructInfo& info) : info_(info), object_(info.make()) {}
  ~DefaultObject() { info_.destroy(object_); }
  DefaultObject(const DefaultObject&) = delete;
  DefaultObject& operator=(const DefaultObject&) = delete;
  void* get() const noexcept { return object_; }

 private:
  const StructInfo& info_;
  void* object_;
};

}  // namespace jina::described
