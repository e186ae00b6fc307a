// Arguments: user-defined parameters of a class (`with:` in YAML, --uses-with) as a described struct (jina/described.hpp).
//
//   struct Options { std::string model; int top_k = 10; std::optional<double> threshold; };
//   BOOST_DESCRIBE_STRUCT(Options, (), (model, top_k, threshold))
//   class Ranker : public jina::Executor { public: explicit Ranker(Options options); ... };
//
// Members with a default may be left out, `model` above must be given. A name that the struct does not have and a value of another
// type are errors: nothing is converted, but whole numbers written as 3.0 count as integers. All that is wrong is reported at once.
//
// Thread: free functions. Lifetime: results own their values. Cancellation: none.
#pragma once
#include <boost/json/object.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "jina/described.hpp"

namespace jina {

/// What is wrong with the arguments, and with which ones.
class ArgumentError : public std::invalid_argument {
 public:
  explicit ArgumentError(std::vector<std::string> problems);
  ~ArgumentError() override;
  /// A sentence for each: "argument 'top_k' is the text \"ten\", expected a whole number that fits".
  const std::vector<std::string>& problems() const noexcept { return problems_; }

 private:
  std::vector<std::string> problems_;
};

namespace detail {

void fill_arguments(const described::TypeInfo& type, void* into, const boost::json::object& with);

}  // namespace detail

/// Throws ArgumentError that names the arguments and says what is wrong with them.
template <described::Described T>
T read_arguments(const boost::json::object& with) {
  T result{};
  detail::fill_arguments(described::type_of<T>(), &result, with);
  return result;
}

namespace detail {

/// Becomes whatever a constructor takes: a described struct, or the JSON object itself.
struct ArgumentSource {
  const boost::json::object& with;
  template <described::Described T>
  operator T() const {  // NOLINT(google-explicit-constructor): the constructor's parameter says what it wants
    return read_arguments<T>(with);
  }
  operator const boost::json::object&() const { return with; }  // NOLINT(google-explicit-constructor)
};

/// Takes its place to find out which struct a constructor wants: converting ends with this exception, before anything is made.
struct ArgumentType {
  const described::TypeInfo* type = nullptr;  ///< null: a JSON object
};
struct ArgumentProbe {
  template <described::Described T>
  operator T() const {  // NOLINT(google-explicit-constructor)
    throw ArgumentType{&described::type_of<T>()};
  }
  operator const boost::json::object&() const { throw ArgumentType{}; }  // NOLINT(google-explicit-constructor)
};

}  // namespace detail
}  // namespace jina
