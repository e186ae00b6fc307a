// The filter of `when`, and its use on a Document.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "config/json_text.hpp"
#include "document/condition.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto filter = jina::config::parse_json({reinterpret_cast<const char*>(data), size}, "when");
  if (!filter) return 0;
  const auto condition = jina::Condition::compile(*filter);
  if (!condition) {
    if (condition.error().message.empty()) std::abort();
    return 0;
  }
  jina::Document document;
  document.set_text("some text");
  document.tags = {{"x", 1}, {"list", {1, "two", nullptr}}, {"inner", {{"y", "z"}}}};
  (void)condition->matches(document);
  (void)condition->matches({});
  return 0;
}
