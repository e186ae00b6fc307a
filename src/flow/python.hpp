// Pythons: the interpreters with Jina that run Executors in Python.
//
// Thread: any; runs interpreters to ask them, for start-up. Lifetime: answers are remembered as long as the process lives.
// Cancellation: none.
#pragma once
#include <string>

#include "flow/flow_spec.hpp"
#include "jina/status.hpp"

namespace jina::flow {

class Pythons {
 public:
  /// `preferred`: of `jina flow --python`; empty: $JINA_PYTHON, then the first python3 or python on PATH that has Jina.
  explicit Pythons(std::string preferred) : preferred_(std::move(preferred)) {}

  /// The interpreter for an item: its own `python`, then `preferred`, and so on. The error begins with no name; `file` is the
  /// Python file that asks for one.
  Result<std::string> find(const DeploymentSpec& spec, const std::string& file);

 private:
  Result<std::string> named(const std::string& name, const std::string& who, const std::string& directory);

  std::string preferred_;
};

}  // namespace jina::flow
