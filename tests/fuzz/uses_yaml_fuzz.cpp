// The YAML of an Executor or a gateway as `uses` brings it: `with`, `metas`, `py_modules`, `requests`; and single arguments of the
// command line that have a grammar of their own.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "config/load.hpp"
#include "config/option_sets.hpp"
#include "config/shell_words.hpp"
#include "config/uses_config.hpp"

namespace {

void read_arguments(const std::string& text) {
  using namespace jina::config;
  const std::vector<std::string> words = split_shell_words(text);
  if (split_shell_words(join_shell_words(words)) != words) std::abort();
  for (const OptionSpec& spec : executor_options().specs()) {
    OptionBag bag(executor_options());
    if (!bag.set_from_words(spec, {&text, 1}, "--" + spec.name()).ok()) continue;
    (void)bag.to_words();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  // The others are names of files.
  if (jina::config::classify_uses(text) == jina::config::UsesKind::kText) (void)jina::config::load_uses(text, {}, "Executor");
  read_arguments(text);
  return 0;
}
