#include "protocol/grpc/descriptors.hpp"

// The file that protoc wrote, as it is.
asm(".pushsection .rodata\n"
    "jina_descriptor_set_begin:\n"
    ".incbin \"" JINA_DESCRIPTOR_SET
    "\"\n"
    "jina_descriptor_set_end:\n"
    ".popsection\n");

extern "C" {
__attribute__((visibility("hidden"))) extern const char jina_descriptor_set_begin[];
__attribute__((visibility("hidden"))) extern const char jina_descriptor_set_end[];
}

namespace jina::grpc {

std::string_view descriptor_set() noexcept {
  return {jina_descriptor_set_begin, static_cast<std::size_t>(jina_descriptor_set_end - jina_descriptor_set_begin)};
}

}  // namespace jina::grpc
