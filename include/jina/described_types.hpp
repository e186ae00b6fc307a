// described_types: the tables behind jina/described.hpp, and how they are made from a type. Templates here only fill tables; what
// is done with them is compiled once, in the library.
//
// A type that reads and writes itself gets a specialisation of CustomType in namespace jina::described:
//   template <> struct CustomType<Money> { static const CustomInfo kInfo; };
//
// Thread, lifetime, cancellation: see jina/described.hpp, which includes this file.
#pragma once
#include <array>
#include <atomic>
#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
#include <boost/describe/enumerators.hpp>
#include <boost/describe/members.hpp>
#include <map>

#include "jina/bytes.hpp"
#include "jina/described.hpp"

// The tables of a module stay its own: with the linker's usual rules for templates, structs of one name in two modules would share
// one table.
#define JINA_OF_THIS_MODULE [[gnu::visibility("hidden")]]

namespace jina {

class Document;
class DocumentArray;

namespace described {

enum class Kind : std::uint8_t {
  kBool,
  kInteger,
  kFloat,
  kText,
  kBytes,
  kEnum,
  kOptional,
  kList,
  kMap,
  kStruct,
  kJson,        ///< boost::json::value
  kJsonObject,  ///< boost::json::object
  kJsonArray,   ///< boost::json::array
  kCustom,
};

using TypeOf = const TypeInfo& (*)();

struct Member {
  const char* name;
  TypeOf type;
  void* (*at)(void* object);  ///< address of the member
  bool defaulted;             ///< Defaulted<T>: `at` and `type` are those of the T
};

struct StructInfo {
  const char* spelled;  ///< holds the name as the compiler writes it
  std::span<const Member> members;
  void* (*make)();
  void (*destroy)(void* object);
  void (*describe)(Fields& on);            ///< null: the struct has no such function
  std::atomic<const StructRules*>* rules;  ///< filled at first use
};

struct Enumerator {
  const char* name;
  std::int64_t value;
};
struct EnumInfo {
  const char* spelled;
  std::span<const Enumerator> enumerators;
};

struct OptionalInfo {
  void* (*emplace)(void* optional);
  void (*reset)(void* optional);
  const void* (*get)(const void* optional);  ///< null when empty
};

struct ListInfo {
  std::size_t (*size)(const void* list);
  const void* (*at)(const void* list, std::size_t index);
  void (*clear)(void* list);
  void (*reserve)(void* list, std::size_t size);
  void* (*append)(void* list);                 ///< the new last item
  void (*append_bool)(void* list, bool item);  ///< std::vector<bool> only, whose items have no address; `append` is null then
};

struct MapInfo {
  void (*clear)(void* map);
  void* (*insert)(void* map, std::string_view key);  ///< the value
  void (*each)(const void* map, void* state, void (*visit)(void* state, std::string_view key, const void* value));
};

/// How a type reads and writes itself.
struct CustomInfo {
  std::string_view name;  ///< for people: "a document"
  bool (*read)(void* into, const boost::json::value& value, const ReadOptions& options, const boost::json::array& at,
               std::vector<InputError>& errors);
  void (*write)(const void* from, std::string& out);
  boost::json::value (*to_json)(const void* from);
  boost::json::value (*schema)(boost::json::object& components);
  bool (*is_empty)(const void* object);  ///< no default that would make a member optional
};

struct TypeInfo {
  Kind kind = Kind::kJson;
  bool is_signed = false;  ///< kInteger, kEnum
  std::uint8_t size = 0;   ///< bytes of a kInteger, kFloat, kEnum
  TypeOf inner = nullptr;  ///< of what a kOptional, kList, kMap holds
  const StructInfo* structure = nullptr;
  const EnumInfo* enumeration = nullptr;
  const OptionalInfo* optional = nullptr;
  const ListInfo* list = nullptr;
  const MapInfo* map = nullptr;
  const CustomInfo* custom = nullptr;
};

template <class T>
struct CustomType;
template <>
struct CustomType<Document> {
  static const CustomInfo kInfo;
};
template <>
struct CustomType<DocumentArray> {
  static const CustomInfo kInfo;
};

/// A struct with BOOST_DESCRIBE_STRUCT.
template <class T>
concept Described = std::is_class_v<T> && boost::describe::has_describe_members<T>::value;

namespace detail {

template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {};
template <class T>
struct IsVector : std::false_type {};
template <class T, class A>
struct IsVector<std::vector<T, A>> : std::true_type {};
template <class T>
struct IsTextMap : std::false_type {};
template <class T, class Less, class A>
struct IsTextMap<std::map<std::string, T, Less, A>> : std::true_type {};
template <class T>
struct IsDefaulted : std::false_type {
  using Value = T;
};
template <class T>
struct IsDefaulted<Defaulted<T>> : std::true_type {
  using Value = T;
};

template <class T>
JINA_OF_THIS_MODULE constexpr const char* spelled() {
  return __PRETTY_FUNCTION__;
}

template <class T, class D>
JINA_OF_THIS_MODULE void* member_at(void* object) {
  auto& member = static_cast<T*>(object)->*D::pointer;
  if constexpr (IsDefaulted<std::remove_reference_t<decltype(member)>>::value)
    return &member.value;
  else
    return &member;
}

template <class T, class D>
constexpr Member make_member() {
  using Stored = std::remove_reference_t<decltype(std::declval<T&>().*D::pointer)>;
  static_assert(!std::is_const_v<Stored>, "a described member is not const, for it is read into");
  return {D::name, &type_of<typename IsDefaulted<Stored>::Value>, &member_at<T, D>, IsDefaulted<Stored>::value};
}
template <class T, template <class...> class List, class... D>
constexpr std::array<Member, sizeof...(D)> make_members(List<D...>*) {
  return {make_member<T, D>()...};
}
template <template <class...> class List, class... D>
constexpr std::array<Enumerator, sizeof...(D)> make_enumerators(List<D...>*) {
  return {Enumerator{D::name, static_cast<std::int64_t>(D::value)}...};
}
template <class T>
constexpr auto describe_hook() -> void (*)(Fields&) {
  if constexpr (requires(Fields& on) { T::describe(on); })
    return [](Fields& on) { T::describe(on); };
  else
    return nullptr;
}

template <class T>
using MembersOf = boost::describe::describe_members<T, boost::describe::mod_public | boost::describe::mod_inherited>;
template <class T>
JINA_OF_THIS_MODULE inline constexpr auto kMembers = make_members<T>(static_cast<MembersOf<T>*>(nullptr));
template <class T>
JINA_OF_THIS_MODULE inline constinit std::atomic<const StructRules*> rules_slot{nullptr};
template <class T>
JINA_OF_THIS_MODULE inline constexpr StructInfo kStruct{
    spelled<T>(),       kMembers<T>,   []() -> void* { return new T(); }, [](void* object) { delete static_cast<T*>(object); },
    describe_hook<T>(), &rules_slot<T>};

template <class T>
JINA_OF_THIS_MODULE inline constexpr auto kEnumerators =
    make_enumerators(static_cast<boost::describe::describe_enumerators<T>*>(nullptr));
template <class T>
JINA_OF_THIS_MODULE inline constexpr EnumInfo kEnum{spelled<T>(), kEnumerators<T>};

template <class T>
JINA_OF_THIS_MODULE inline constexpr OptionalInfo kOptional{
    [](void* optional) -> void* { return &static_cast<T*>(optional)->emplace(); },
    [](void* optional) { static_cast<T*>(optional)->reset(); },
    [](const void* optional) -> const void* {
      const T& of = *static_cast<const T*>(optional);
      return of.has_value() ? &*of : nullptr;
    }};

inline constexpr bool kBits[] = {false, true};

template <class T>
constexpr ListInfo make_list() {
  ListInfo info{};
  info.size = [](const void* list) { return static_cast<const T*>(list)->size(); };
  info.clear = [](void* list) { static_cast<T*>(list)->clear(); };
  info.reserve = [](void* list, std::size_t size) { static_cast<T*>(list)->reserve(size); };
  if constexpr (std::is_same_v<typename T::value_type, bool>) {
    info.at = [](const void* list, std::size_t i) -> const void* { return &kBits[(*static_cast<const T*>(list))[i] ? 1 : 0]; };
    info.append_bool = [](void* list, bool item) { static_cast<T*>(list)->push_back(item); };
  } else {
    info.at = [](const void* list, std::size_t i) -> const void* { return &(*static_cast<const T*>(list))[i]; };
    info.append = [](void* list) -> void* { return &static_cast<T*>(list)->emplace_back(); };
  }
  return info;
}
template <class T>
JINA_OF_THIS_MODULE inline constexpr ListInfo kList = make_list<T>();

template <class T>
JINA_OF_THIS_MODULE inline constexpr MapInfo kMap{
    [](void* map) { static_cast<T*>(map)->clear(); },
    [](void* map, std::string_view key) -> void* { return &(*static_cast<T*>(map))[std::string(key)]; },
    [](const void* map, void* state, void (*visit)(void*, std::string_view, const void*)) {
      for (const auto& entry : *static_cast<const T*>(map)) visit(state, entry.first, &entry.second);
    }};

template <class T>
concept HasCustomType = requires { &CustomType<T>::kInfo; };

template <class T>
constexpr TypeInfo make_type() {
  if constexpr (HasCustomType<T>) {
    return {.kind = Kind::kCustom, .custom = &CustomType<T>::kInfo};
  } else if constexpr (std::is_same_v<T, boost::json::value>) {
    return {.kind = Kind::kJson};
  } else if constexpr (std::is_same_v<T, boost::json::object>) {
    return {.kind = Kind::kJsonObject};
  } else if constexpr (std::is_same_v<T, boost::json::array>) {
    return {.kind = Kind::kJsonArray};
  } else if constexpr (std::is_same_v<T, bool>) {
    return {.kind = Kind::kBool};
  } else if constexpr (std::is_integral_v<T>) {
    return {.kind = Kind::kInteger, .is_signed = std::is_signed_v<T>, .size = sizeof(T)};
  } else if constexpr (std::is_same_v<T, float> || std::is_same_v<T, double>) {
    return {.kind = Kind::kFloat, .size = sizeof(T)};
  } else if constexpr (std::is_same_v<T, std::string>) {
    return {.kind = Kind::kText};
  } else if constexpr (std::is_same_v<T, Bytes>) {
    return {.kind = Kind::kBytes};
  } else if constexpr (std::is_enum_v<T>) {
    constexpr bool kDescribed = boost::describe::has_describe_enumerators<T>::value;
    static_assert(kDescribed, "an enum is described with BOOST_DESCRIBE_ENUM(Name, its, values), right behind it");
    constexpr bool kSigned = std::is_signed_v<std::underlying_type_t<T>>;
    if constexpr (kDescribed) return {.kind = Kind::kEnum, .is_signed = kSigned, .size = sizeof(T), .enumeration = &kEnum<T>};
  } else if constexpr (IsOptional<T>::value) {
    return {.kind = Kind::kOptional, .inner = &type_of<typename T::value_type>, .optional = &kOptional<T>};
  } else if constexpr (IsVector<T>::value) {
    return {.kind = Kind::kList, .inner = &type_of<typename T::value_type>, .list = &kList<T>};
  } else if constexpr (IsTextMap<T>::value) {
    return {.kind = Kind::kMap, .inner = &type_of<typename T::mapped_type>, .map = &kMap<T>};
  } else {
    static_assert(
        Described<T>,
        "a described member is a bool, integer, float, double, std::string, jina::Bytes, an enum with BOOST_DESCRIBE_ENUM, "
        "std::optional, std::vector, std::map<std::string, ...>, a boost::json value, object or array, jina::Document, "
        "jina::DocumentArray or a struct with BOOST_DESCRIBE_STRUCT");
    if constexpr (Described<T>) return {.kind = Kind::kStruct, .structure = &kStruct<T>};
  }
  return {};  // after a static_assert only
}

template <class T>
JINA_OF_THIS_MODULE inline constexpr TypeInfo kType = make_type<T>();

}  // namespace detail

template <class T>
JINA_OF_THIS_MODULE const TypeInfo& type_of() {
  return detail::kType<T>;
}

}  // namespace described
}  // namespace jina
