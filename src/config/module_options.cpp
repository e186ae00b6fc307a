// The arguments that say which modules to load and how to compile them; Gateways and Executors share them.
#include "config/option_sets.hpp"

namespace jina::config::detail {

void add_modules(OptionSet& set, const char* group) {
  set.add({.names = {"py-modules", "modules"},
           .kind = OptionKind::kTextList,
           .help = "modules to load first: .cpp (compiled and cached) or .so",
           .group = group,
           .placeholder = "FILE..."});
  set.add({.names = {"compile-flags"},
           .kind = OptionKind::kWords,
           .help = "more flags for the compiler of .cpp modules; relative folders count from the module's (not in Jina)",
           .group = group});
  set.add({.names = {"packages"},
           .kind = OptionKind::kTextList,
           .help = "pkg-config packages that .cpp modules use (not in Jina)",
           .group = group,
           .placeholder = "PACKAGE..."});
}

}  // namespace jina::config::detail
