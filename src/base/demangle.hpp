// demangled: a C++ name as people write it.
//
// Thread: any. Lifetime: the result owns its text. Cancellation: none.
#pragma once
#include <cxxabi.h>

#include <cstdlib>
#include <string>

namespace jina {

/// Of a symbol or of std::type_info::name(); what is no mangled name comes back as it is.
inline std::string demangled(const char* name) {
  int status = 0;
  char* readable = abi::__cxa_demangle(name, nullptr, nullptr, &status);
  std::string text = readable != nullptr ? readable : name;
  std::free(readable);
  return text;
}

}  // namespace jina
