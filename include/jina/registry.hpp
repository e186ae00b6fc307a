// Registry: the user's classes by the names that YAML and the command line use. It is handed to a module's registration function
// or filled in main(); there is no global one.
//
// Thread: filled by one thread, constant afterwards. Lifetime: outlives what it makes, for a module's code stays loaded with it.
// Cancellation: none.
#pragma once
#include <boost/describe/class.hpp>
#include <boost/json/object.hpp>
#include <functional>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "jina/executor.hpp"

namespace jina {

class Registry {
 public:
  using ExecutorFactory = std::function<std::unique_ptr<Executor>(const boost::json::object& with)>;

  /// Adds a class under `name`. Its constructor takes the `with` arguments as a boost::json::object, or nothing. Throws
  /// std::invalid_argument when the name is taken.
  template <class T>
  Registry& add(std::string name) {
    static_assert(std::is_base_of_v<Executor, T>, "Registry::add takes classes derived from jina::Executor");
    add_executor(name, [name](const boost::json::object& with) -> std::unique_ptr<Executor> {
      if constexpr (std::is_constructible_v<T, const boost::json::object&>) {
        return std::make_unique<T>(with);
      } else {
        static_assert(std::is_default_constructible_v<T>, "the class needs a constructor that takes nothing or a const boost::json::object&");
        if (!with.empty())
          throw std::invalid_argument(name + " takes no arguments, but '" + std::string(with.begin()->key()) + "' was given");
        return std::make_unique<T>();
      }
    });
    return *this;
  }

  void add_executor(std::string name, ExecutorFactory factory);
  /// Null when there is none.
  const ExecutorFactory* find_executor(std::string_view name) const noexcept;
  std::vector<std::string> executor_names() const;

 private:
  std::map<std::string, ExecutorFactory, std::less<>> executors_;
};

}  // namespace jina
