// Frames of a WebSocket client: the same messages, or the same close code, however they were cut into pieces.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "protocol/websocket/deflate.hpp"
#include "protocol/websocket/message_reader.hpp"

namespace {

using jina::websocket::MessageReader;
constexpr std::size_t kMaxBytes = 2000;

std::string read(std::string_view stream, std::size_t piece, bool deflate) {
  MessageReader reader(kMaxBytes, deflate);
  std::string seen;
  for (std::size_t at = 0; at < stream.size(); at += piece) {
    jina::Bytes input = jina::Bytes::copy_of(stream.substr(at, piece));
    while (!input.empty()) {
      const MessageReader::Step step = reader.feed(input);
      if (step == MessageReader::Step::kError) return seen + "error " + std::to_string(reader.error_code());
      if (step == MessageReader::Step::kNeedMore) break;
      if (step == MessageReader::Step::kMessage) {
        const jina::http::WebSocketMessage message = reader.take_message();
        if (message.payload.size() > kMaxBytes) std::abort();
        seen += message.payload.str() + '\n';
      } else {
        std::uint16_t error = 0;
        if (reader.control_opcode() == jina::websocket::Opcode::kClose)
          (void)jina::websocket::parse_close(reader.control_payload(), error);
        seen += reader.control_payload() + ' ' + std::to_string(error) + '\n';
      }
    }
  }
  return seen;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::string_view stream(reinterpret_cast<const char*>(data) + 1, size - 1);
  const bool deflate = (data[0] & 1) != 0;
  const std::string whole = read(stream, stream.size(), deflate);
  if (read(stream, 1, deflate) != whole || read(stream, std::size_t{1} + data[0], deflate) != whole) std::abort();

  jina::Buffer inflated;
  (void)jina::websocket::inflate_message(jina::Buffer::copy_of(stream), kMaxBytes, inflated);
  if (inflated.size() > kMaxBytes) std::abort();
  return 0;
}
