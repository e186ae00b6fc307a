#include "app/openapi_nulls.hpp"

#include <set>
#include <string>

namespace jina::app {
namespace {

namespace json = boost::json;
using described::Kind;
using described::TypeInfo;

class NullPass {
 public:
  explicit NullPass(const json::object& made) : made_(made), components_(made) {}

  // All structs that a value of the type has in it.
  void visit(const TypeInfo& type) {
    switch (type.kind) {
      case Kind::kOptional:
      case Kind::kList:
      case Kind::kMap: return visit(type.inner());
      case Kind::kStruct: return visit_struct(type);
      default: return;
    }
  }
  json::object take() && { return std::move(components_); }

 private:
  void visit_struct(const TypeInfo& type) {
    if (!seen_.insert(type.structure).second) return;
    // The name: asked of what is not changed yet, for a schema is known by what it says.
    json::object scratch = made_;
    const json::value reference = described::schema(type, scratch);
    const std::string_view path = reference.at("$ref").as_string();
    json::object& properties = components_.at(path.substr(path.rfind('/') + 1)).at("properties").as_object();
    for (const described::MemberFacts& member : described::members_of(type)) {
      if (json::value* schema = properties.if_contains(member.name); schema != nullptr && schema->is_object())
        allow(schema->get_object(), *member.type);
      visit(*member.type);
    }
  }

  static void allow(json::object& schema, const TypeInfo& type) {
    switch (type.kind) {
      case Kind::kOptional: allow(schema, type.inner()); return make_nullable(schema);
      case Kind::kList: return allow_inside(schema, "items", type);
      case Kind::kMap: return allow_inside(schema, "additionalProperties", type);
      default: return;
    }
  }
  static void allow_inside(json::object& schema, std::string_view key, const TypeInfo& type) {
    if (json::value* inner = schema.if_contains(key); inner != nullptr && inner->is_object())
      allow(inner->get_object(), type.inner());
  }

  static void make_nullable(json::object& schema) {
    if (json::value* type = schema.if_contains("type")) {
      if (type->is_string()) *type = json::array{*type, "null"};
      return;
    }
    for (const char* key : {"$ref", "allOf"}) {
      const json::value* known = schema.if_contains(key);
      if (known == nullptr) continue;
      json::object inner{{key, *known}};
      schema.erase(key);
      schema["anyOf"] = json::array{std::move(inner), json::object{{"type", "null"}}};
      return;
    }
  }

  const json::object& made_;
  json::object components_;
  std::set<const void*> seen_;
};

}  // namespace

void allow_nulls(const std::vector<const TypeInfo*>& types, json::object& components) {
  NullPass pass(components);
  for (const TypeInfo* type : types) pass.visit(*type);
  components = std::move(pass).take();
}

}  // namespace jina::app
