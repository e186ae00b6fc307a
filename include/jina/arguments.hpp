// read_arguments: user-defined parameters (`with:` in YAML, --uses-with) into a struct described by Boost.Describe.
//
//   struct Arguments { std::string model = "small"; int top_k = 10; };
//   BOOST_DESCRIBE_STRUCT(Arguments, (), (model, top_k))
//
// Members that are not named keep their defaults; a name that the struct does not have is an error that lists those it has.
//
// Thread: free function. Lifetime: none. Cancellation: none.
#pragma once
#include <boost/describe.hpp>
#include <boost/json/value_to.hpp>
#include <boost/mp11/algorithm.hpp>
#include <stdexcept>
#include <string>

namespace jina {

/// Throws std::invalid_argument that names the argument and what is wrong with it.
template <class T>
T read_arguments(const boost::json::object& with) {
  using Members = boost::describe::describe_members<T, boost::describe::mod_public>;
  T arguments{};
  for (const auto& entry : with) {
    bool known = false;
    std::string names;
    boost::mp11::mp_for_each<Members>([&](auto member) {
      names += std::string(names.empty() ? "" : ", ") + member.name;
      if (entry.key() != member.name) return;
      known = true;
      using Value = std::remove_reference_t<decltype(arguments.*member.pointer)>;
      try {
        arguments.*member.pointer = boost::json::value_to<Value>(entry.value());
      } catch (const std::exception&) {
        throw std::invalid_argument("argument '" + std::string(entry.key()) + "': the value has the wrong type");
      }
    });
    if (!known) throw std::invalid_argument("argument '" + std::string(entry.key()) + "' is unknown; the class takes: " + names);
  }
  return arguments;
}

}  // namespace jina
