// Message compression of gRPC: gzip and deflate (zlib format) in memory.
//
// Thread: free functions. Lifetime: results own their memory. Cancellation: none; input size is bounded by the caller, output by
// `max_bytes`.
#pragma once
#include <cstddef>
#include <optional>
#include <string_view>

#include "base/buffer.hpp"
#include "jina/status.hpp"
#include "protocol/grpc/server.hpp"

namespace jina::grpc {

/// "identity", "deflate", "gzip": as in grpc-encoding.
std::string_view to_string(Compression compression) noexcept;
/// Empty for an encoding that is not supported.
std::optional<Compression> compression_from(std::string_view name) noexcept;

Buffer compress(const Buffer& message, Compression compression);
/// RESOURCE_EXHAUSTED when the result would be larger than `max_bytes`, INTERNAL when the bytes are no such stream.
Result<Buffer> decompress(const Buffer& message, Compression compression, std::size_t max_bytes);

}  // namespace jina::grpc
