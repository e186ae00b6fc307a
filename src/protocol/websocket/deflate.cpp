#include "protocol/websocket/deflate.hpp"

#include <zlib.h>

#include <limits>
#include <new>
#include <string>

namespace jina::websocket {
namespace {

constexpr int kRawWindow = -15;
constexpr int kFast = 1;  // most of the gain at a fraction of the time of the default
constexpr std::size_t kBlock = 64 * 1024;
constexpr std::string_view kTail("\x00\x00\xff\xff", 4);  // of a sync flush; not sent (RFC 7692, 7.2.1)

struct Compressor {
  z_stream stream{};
  Compressor() {
    if (deflateInit2(&stream, kFast, Z_DEFLATED, kRawWindow, 8, Z_DEFAULT_STRATEGY) != Z_OK) throw std::bad_alloc();
  }
  ~Compressor() { deflateEnd(&stream); }
};

struct Decompressor {
  z_stream stream{};
  Decompressor() {
    if (inflateInit2(&stream, kRawWindow) != Z_OK) throw std::bad_alloc();
  }
  ~Decompressor() { inflateEnd(&stream); }
};

// zlib counts in 32 bits.
template <class Visitor>
bool for_each_part(std::string_view data, Visitor&& visit) {
  constexpr std::size_t kMost = std::numeric_limits<uInt>::max();
  while (!data.empty()) {
    const std::string_view part = data.substr(0, kMost);
    data.remove_prefix(part.size());
    if (!visit(part)) return false;
  }
  return true;
}

void set_input(z_stream& stream, std::string_view data) {
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(data.data()));
  stream.avail_in = static_cast<uInt>(data.size());
}

}  // namespace

Buffer deflate_message(const Buffer& message) {
  static thread_local Compressor compressor;
  z_stream& stream = compressor.stream;
  deflateReset(&stream);
  std::string out;
  const auto run = [&](int flush) {
    do {
      const std::size_t before = out.size();
      const std::size_t room = before == 0 ? message.size() / 2 + 64 : kBlock;
      out.resize(before + room);
      stream.next_out = reinterpret_cast<Bytef*>(out.data() + before);
      stream.avail_out = static_cast<uInt>(room);
      deflate(&stream, flush);
      out.erase(before + room - stream.avail_out);
    } while (stream.avail_in != 0 || stream.avail_out == 0);
  };
  for (const Bytes& piece : message.pieces()) {
    for_each_part(piece.view(), [&](std::string_view part) {
      set_input(stream, part);
      run(Z_NO_FLUSH);
      return true;
    });
  }
  set_input(stream, {});
  run(Z_SYNC_FLUSH);
  if (out.ends_with(kTail)) out.erase(out.size() - kTail.size());
  if (out.empty()) out.assign(1, '\0');  // an empty message is one empty block
  return Buffer::take(std::move(out));
}

InflateResult inflate_message(const Buffer& compressed, std::size_t max_bytes, Buffer& message) {
  static thread_local Decompressor decompressor;
  z_stream& stream = decompressor.stream;
  inflateReset(&stream);
  std::string block;
  InflateResult result = InflateResult::kOk;
  std::size_t total = 0;
  const auto take = [&](std::string_view part) {
    set_input(stream, part);
    bool more = true;
    while (more) {
      const std::size_t before = block.size();
      block.resize(kBlock);
      stream.next_out = reinterpret_cast<Bytef*>(block.data() + before);
      stream.avail_out = static_cast<uInt>(kBlock - before);
      const int code = inflate(&stream, Z_NO_FLUSH);
      block.erase(kBlock - stream.avail_out);
      total += block.size() - before;
      if (total > max_bytes) {
        result = InflateResult::kTooLarge;
        return false;
      }
      if (code == Z_STREAM_END) {
        inflateReset(&stream);  // a final block in the middle is allowed
      } else if (code != Z_OK && code != Z_BUF_ERROR) {
        result = InflateResult::kMalformed;
        return false;
      }
      more = stream.avail_in != 0 || block.size() == kBlock;
      if (block.size() == kBlock) message.append(Bytes::take(std::exchange(block, {})));
    }
    return true;
  };
  for (const Bytes& piece : compressed.pieces())
    if (!for_each_part(piece.view(), take)) return result;
  if (!take(kTail)) return result;
  if (!block.empty()) message.append(Bytes::copy_of(block));  // not the whole block for what may be little
  return result;
}

}  // namespace jina::websocket
