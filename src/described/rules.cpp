#include "described/rules.hpp"

#include <cstring>
#include <set>
#include <stdexcept>

#include "described/names.hpp"
#include "described/scalars.hpp"

namespace jina::described {
namespace {

std::unique_ptr<const StructRules> make_rules(const StructInfo& info) {
  auto rules = std::make_unique<StructRules>();
  rules->info = &info;
  rules->name = short_name(info.spelled);
  rules->members.resize(info.members.size());
  const DefaultObject defaults(info);
  for (std::size_t i = 0; i < info.members.size(); ++i) {
    const Member& member = info.members[i];
    rules->members[i].owner = rules.get();
    rules->members[i].member = &member;
    rules->members[i].required = !member.defaulted && is_blank(member.type(), member.at(defaults.get()));
  }
  if (info.describe != nullptr) {
    Fields fields(*rules);
    info.describe(fields);
  }
  return rules;
}

void check_nested(const TypeInfo& type, std::set<const TypeInfo*>& seen) {
  if (!seen.insert(&type).second) return;
  if (type.inner != nullptr) check_nested(type.inner(), seen);
  if (type.kind != Kind::kStruct) return;
  rules_of(type);
  for (const Member& member : type.structure->members) check_nested(member.type(), seen);
}

}  // namespace

const StructRules& rules_of(const TypeInfo& type) {
  std::atomic<const StructRules*>& slot = *type.structure->rules;
  if (const StructRules* made = slot.load(std::memory_order_acquire)) return *made;
  std::unique_ptr<const StructRules> rules = make_rules(*type.structure);
  const StructRules* first = nullptr;
  if (slot.compare_exchange_strong(first, rules.get(), std::memory_order_acq_rel)) return *rules.release();
  return *first;  // another thread was faster
}

bool is_blank(const TypeInfo& type, const void* object) {
  switch (type.kind) {
    case Kind::kBool:
    case Kind::kOptional:
    case Kind::kJson: return false;
    case Kind::kInteger:
    case Kind::kEnum: return load_integer(type, object) == 0;
    case Kind::kFloat: return load_float(type, object) == 0;
    case Kind::kText: return static_cast<const std::string*>(object)->empty();
    case Kind::kBytes: return static_cast<const Bytes*>(object)->empty();
    case Kind::kList: return type.list->size(object) == 0;
    case Kind::kMap: {
      bool empty = true;
      type.map->each(object, &empty, [](void* state, std::string_view, const void*) { *static_cast<bool*>(state) = false; });
      return empty;
    }
    case Kind::kStruct:
      for (const Member& member : type.structure->members)
        if (!member.defaulted && is_blank(member.type(), member.at(const_cast<void*>(object)))) return true;
      return false;
    case Kind::kJsonObject: return static_cast<const boost::json::object*>(object)->empty();
    case Kind::kJsonArray: return static_cast<const boost::json::array*>(object)->empty();
    case Kind::kCustom: return type.custom->is_empty(object);
  }
  return false;
}

void check(const TypeInfo& type) {
  std::set<const TypeInfo*> seen;
  check_nested(type, seen);
}

}  // namespace jina::described
