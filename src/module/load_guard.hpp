// LoadGuard: while it lives, a module's code that would end the process without a word (an exception out of a static initialiser,
// exit()) is reported, and the process ends with exit code 1. There is no way back from inside the system's loader.
//
// Thread: one at a time in a process; guards the thread that made it. Lifetime: refers to its arguments. Cancellation: none.
#pragma once
#include <functional>
#include <string>

namespace jina {

class LoadGuard {
 public:
  /// `report` gets "module x.so ..."; empty: it is written to standard error.
  LoadGuard(const std::string& module, const std::function<void(const std::string&)>& report);
  ~LoadGuard();
  LoadGuard(const LoadGuard&) = delete;
  LoadGuard& operator=(const LoadGuard&) = delete;
};

/// "std::runtime_error: no database" of the exception that is being handled.
std::string describe_current_exception();

}  // namespace jina
