// EndpointFailure: an exception of user code in the terms of StatusProto, spelled as a Python client expects it.
//
// Thread: plain value. Lifetime: owns its text. Cancellation: none.
#pragma once
#include <boost/json/array.hpp>
#include <exception>
#include <string>
#include <string_view>
#include <vector>

namespace jina {

struct EndpointFailure {
  std::string name;                 ///< type of the exception: "ValueError", "std::out_of_range"
  std::vector<std::string> args;    ///< as texts
  std::string description;          ///< "ValueError('boom', 42)"
  std::vector<std::string> stacks;  ///< lines for people, the exception last

  static EndpointFailure of(std::string name, const boost::json::array& arguments);
  /// EndpointError says by itself what it is; others go by their C++ type and what().
  static EndpointFailure of(const std::exception_ptr& error);

  /// An encoded StatusProto; `executor` is the class name, "" when no class is to blame.
  std::string encode(std::string_view executor) const;
};

/// "ValueError('boom', 42)".
std::string python_call(std::string_view name, const boost::json::array& arguments);

}  // namespace jina
