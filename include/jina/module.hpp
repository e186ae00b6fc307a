// JINA_MODULE: the one function through which a module (a .so, or a .cpp that is compiled when it is loaded) gives its classes to
// the runtime.
//
//   JINA_MODULE(registry) { registry.add<Upper>("Upper"); }
//
// Thread: called once, on the loading thread. Lifetime: a module stays loaded until the process ends. Cancellation: none.
#pragma once
#include "jina/registry.hpp"
#include "jina/version.hpp"

namespace jina::detail {

/// What a module exports, under the name `jina_module`. The first two members never change place.
struct ModuleInfo {
  int abi;
  const char* version;
  void (*register_classes)(Registry&);
};

}  // namespace jina::detail

#define JINA_MODULE(registry)                                                                                \
  static void jina_register_classes(::jina::Registry& registry);                                             \
  extern "C" __attribute__((visibility("default"))) const ::jina::detail::ModuleInfo jina_module;            \
  extern "C" const ::jina::detail::ModuleInfo jina_module = {JINA_ABI, JINA_VERSION, &jina_register_classes}; \
  static void jina_register_classes([[maybe_unused]] ::jina::Registry& registry)
