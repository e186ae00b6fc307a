// The .proto files of Jina, health and reflection as reflection hands them out.
//
// Thread: any. Lifetime: static. Cancellation: none.
#pragma once
#include <string_view>

namespace jina::grpc {

/// An encoded google.protobuf.FileDescriptorSet: the files of proto/ and what they import.
std::string_view descriptor_set() noexcept;

}  // namespace jina::grpc
