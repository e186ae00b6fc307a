// main: a program of one's own that has its gateways and Executors linked in, instead of loading them as modules.
//
//   int main(int argc, char** argv) {
//     return jina::main(argc, argv, [](jina::Registry& on) { on.add<MyGateway>("MyGateway"); });
//   }
//
// is the program `jina` with these classes: `my_program gateway --uses MyGateway --port 54321`, `my_program flow --uses flow.yml`.
//
//   int main(int argc, char** argv) { return jina::run<MyGateway>(argc, argv); }
//
// is that gateway alone: `my_program --port 54321` is `jina gateway --uses MyGateway --port 54321`; for an Executor, `jina
// executor`.
//
// Link with jina::jina (find_package(jina)) or `pkg-config --libs jina`. Modules (.cpp, .so) can still be loaded beside when the
// program exports its symbols (set_target_properties(my_program PROPERTIES ENABLE_EXPORTS ON)).
//
// Thread: the main thread. Lifetime: the process. Cancellation: SIGINT, SIGTERM and SIGHUP end it in order.
#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <typeinfo>

#include "jina/registry.hpp"

namespace jina {

namespace detail {
// `header` is where this file was when the program was compiled: modules that it compiles get the same headers.
int run_program(int argc, char** argv, const std::function<void(Registry&)>& add_classes, const char* header);
int run_class(int argc, char** argv, std::string_view kind, const std::string& name,
              const std::function<void(Registry&)>& add_classes, const char* header);
/// "MyGateway", without namespaces.
std::string class_name(const std::type_info& type);
}  // namespace detail

/// What the shell gets: 0, 1 for a failure, 2 for wrong arguments.
inline int main(int argc, char** argv, const std::function<void(Registry&)>& add_classes) {
  return detail::run_program(argc, argv, add_classes, __FILE__);
}

/// One class: it is called by its name, without namespaces.
template <class T>
int run(int argc, char** argv) {
  const std::string name = detail::class_name(typeid(T));
  return detail::run_class(
      argc, argv, T::RegistryBase::kRegistryKind, name, [&name](Registry& on) { on.add<T>(name); }, __FILE__);
}

}  // namespace jina
