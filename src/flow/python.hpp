// Pythons: the interpreters with Jina that run Executors in Python.
//
// Thread: runs interpreters to ask them, for start-up; one thread. Lifetime: remembers the answers. Cancellation: none.
#pragma once
#include <map>
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
  bool has_jina(const std::string& interpreter);

  std::string preferred_;
  std::map<std::string, bool> known_{};
};

}  // namespace jina::flow
