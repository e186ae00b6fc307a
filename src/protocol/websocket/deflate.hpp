// Compression of WebSocket messages. Contexts are not carried from message to message (that is negotiated), so one compressor and
// one decompressor serve all connections of a thread and a connection costs no memory for it.
//
// Thread: any, with state of its own. Lifetime: results own their bytes. Cancellation: none.
#pragma once
#include <cstddef>
#include <cstdint>

#include "base/buffer.hpp"

namespace jina::websocket {

/// The message in permessage-deflate's form.
Buffer deflate_message(const Buffer& message);

enum class InflateResult : std::uint8_t { kOk, kMalformed, kTooLarge };
/// The message that `compressed` stands for.
InflateResult inflate_message(const Buffer& compressed, std::size_t max_bytes, Buffer& message);

}  // namespace jina::websocket
