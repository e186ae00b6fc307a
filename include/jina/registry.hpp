// Registry: the user's classes by the names that YAML and the command line use. It is handed to a module's registration function
// or filled in main(); there is no global one.
//
//   registry.add<Upper>("Upper");
//
// Thread: filled by one thread, constant afterwards. Lifetime: outlives what it makes. Cancellation: none.
#pragma once
#include <boost/json/object.hpp>
#include <concepts>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "jina/arguments.hpp"
#include "jina/status.hpp"

namespace jina {

class Registry {
 public:
  /// Adds a class under `name`. It derives from jina::Executor or jina::Gateway; its constructor takes nothing, or the `with`
  /// arguments: as a described struct (jina/arguments.hpp), or as a boost::json::object. Throws std::invalid_argument, naming both
  /// modules, when the name is taken, and std::logic_error for a mistake in the struct's `describe`.
  template <class T>
  Registry& add(std::string name) {
    constexpr bool kKind = requires { typename T::RegistryBase; };
    static_assert(kKind, "registry.add<T>: T derives from jina::Executor or jina::Gateway, and its header is included");
    if constexpr (kKind) {
      constexpr bool kConcrete = !std::is_abstract_v<T>;
      static_assert(kConcrete, "registry.add<T>: T is abstract; an Executor overrides void setup(jina::Endpoints&)");
      if constexpr (kConcrete) {
        using Base = typename T::RegistryBase;
        const auto make = [](const std::string& called, const boost::json::object& with) -> void* {
          return static_cast<Base*>(construct<T>(called, with).release());
        };
        insert({std::move(name), Base::kRegistryKind, {}, make, argument_type<T>()});
      }
    }
    return *this;
  }

  /// A new object of the class `name`, or an error for people: no such class (with what it may have meant), wrong arguments, a
  /// constructor that threw.
  template <class Base>
  Result<std::unique_ptr<Base>> make(std::string_view name, const boost::json::object& with) const {
    Result<void*> made = make_any(Base::kRegistryKind, name, with);
    if (!made) return std::move(made).error();
    return std::unique_ptr<Base>(static_cast<Base*>(*made));
  }

  /// `kind` is "Executor" or "Gateway".
  bool contains(std::string_view kind, std::string_view name) const noexcept { return find(kind, name) != nullptr; }
  /// The names of that kind, in the order they were added; of one module only when `module` is not empty.
  std::vector<std::string> names(std::string_view kind, std::string_view module = {}) const;

  /// The struct of its `with` arguments (described::members_of lists them); null when the class takes none, or a JSON object as it
  /// is, or when there is no such class.
  const described::TypeInfo* arguments_of(std::string_view kind, std::string_view name) const noexcept;
  /// The path of the module that the class came with; "" for main() and for unknown classes.
  std::string_view module_of(std::string_view kind, std::string_view name) const noexcept;

  /// Says where the classes that are added from now on come from: the path of a module, "" for main().
  void set_module(std::string module) { module_ = std::move(module); }

 private:
  struct Entry {
    std::string name;
    std::string_view kind;  // a constant of the base class
    std::string module;
    void* (*make)(const std::string& name, const boost::json::object& with);  // a Base* of that kind
    const described::TypeInfo* arguments;
  };

  template <class T>
  static std::unique_ptr<T> construct(const std::string& name, const boost::json::object& with) {
    if constexpr (std::is_constructible_v<T, detail::ArgumentSource>) {
      return std::make_unique<T>(detail::ArgumentSource{with});
    } else {
      static_assert(std::is_default_constructible_v<T>,
                    "registry.add<T>: T needs a constructor that takes nothing, a struct with BOOST_DESCRIBE_STRUCT, or a "
                    "const boost::json::object&");
      if (!with.empty()) throw_no_arguments(name, with.begin()->key());
      return std::make_unique<T>();
    }
  }
  template <class T>
  static const described::TypeInfo* argument_type() {
    if constexpr (std::is_constructible_v<T, detail::ArgumentProbe>) {
      try {
        std::make_unique<T>(detail::ArgumentProbe{});
      } catch (const detail::ArgumentType& argument) {
        return argument.type;
      }
    }
    return nullptr;
  }
  [[noreturn]] static void throw_no_arguments(const std::string& name, std::string_view argument);

  void insert(Entry entry);
  const Entry* find(std::string_view kind, std::string_view name) const noexcept;
  Result<void*> make_any(std::string_view kind, std::string_view name, const boost::json::object& with) const;

  std::vector<Entry> entries_;
  std::string module_;
};

}  // namespace jina
