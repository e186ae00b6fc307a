// check(): enough for the tests of this project, with nothing to install.
#pragma once
#include <cstdio>
#include <source_location>

inline int checks_failed = 0;
inline int checks_done = 0;

inline void check(bool holds, const char* what, std::source_location place = std::source_location::current()) {
  ++checks_done;
  if (holds) return;
  ++checks_failed;
  std::printf("%s:%u: failed: %s\n", place.file_name(), static_cast<unsigned>(place.line()), what);
}

/// What main() returns.
inline int checks_result(const char* name) {
  std::printf("%s %s: %d checks\n", checks_failed == 0 ? " ok " : "FAIL", name, checks_done);
  return checks_failed == 0 ? 0 : 1;
}
