// JINA_MODULE: the one function through which a module (a .so, or a .cpp that is compiled when it is loaded) gives its classes to
// the runtime.
//
//   JINA_MODULE(registry) { registry.add<Upper>("Upper"); }
//
// Thread: called once, on the loading thread. Lifetime: a module stays loaded until the process ends. Cancellation: none.
#pragma once
#include <boost/version.hpp>

#include "jina/registry.hpp"
#include "jina/version.hpp"

namespace jina::detail {

/// What a module was built against: it fits when all of it equals the runtime's. New members go to the end, for a runtime reads the
/// first two of any module.
struct ModuleInfo {
  int abi;              ///< JINA_ABI
  const char* version;  ///< JINA_VERSION
  int boost;            ///< BOOST_VERSION: Asio's and JSON's types cross the border
  void (*add_classes)(Registry&);
};

}  // namespace jina::detail

// NOLINTBEGIN(bugprone-macro-parentheses): it is the name of a parameter
#define JINA_MODULE(registry)                                                                                    \
  static void jina_add_classes(::jina::Registry& registry);                                                      \
  extern "C" __attribute__((visibility("default"))) const ::jina::detail::ModuleInfo* jina_module() {            \
    static constexpr ::jina::detail::ModuleInfo kInfo{JINA_ABI, JINA_VERSION, BOOST_VERSION, &jina_add_classes}; \
    return &kInfo;                                                                                               \
  }                                                                                                              \
  static void jina_add_classes([[maybe_unused]] ::jina::Registry& registry)
// NOLINTEND(bugprone-macro-parentheses)
