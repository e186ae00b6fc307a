#include "protocol/grpc/compression.hpp"

#include <zlib.h>

#include <array>
#include <string>

namespace jina::grpc {
namespace {
constexpr int kWindow = 15;
constexpr int kGzip = 16;  // added to the window bits: gzip wrapper instead of zlib's

int window_bits(Compression compression) { return compression == Compression::kGzip ? kWindow + kGzip : kWindow; }
}  // namespace

std::string_view to_string(Compression compression) noexcept {
  switch (compression) {
    case Compression::kIdentity: return "identity";
    case Compression::kDeflate: return "deflate";
    case Compression::kGzip: return "gzip";
  }
  return "identity";
}

std::optional<Compression> compression_from(std::string_view name) noexcept {
  if (name.empty() || name == "identity") return Compression::kIdentity;
  if (name == "deflate") return Compression::kDeflate;
  if (name == "gzip") return Compression::kGzip;
  return std::nullopt;
}

Buffer compress(const Buffer& message, Compression compression) {
  if (compression == Compression::kIdentity) return message;
  z_stream stream{};
  if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, window_bits(compression), 8, Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::bad_alloc();
  const Bytes input = message.flatten();
  std::string output(deflateBound(&stream, static_cast<uLong>(input.size())), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(input.data()));
  stream.avail_in = static_cast<uInt>(input.size());
  stream.next_out = reinterpret_cast<Bytef*>(output.data());
  stream.avail_out = static_cast<uInt>(output.size());
  deflate(&stream, Z_FINISH);
  output.resize(stream.total_out);
  deflateEnd(&stream);
  return Buffer::take(std::move(output));
}

Result<Buffer> decompress(const Buffer& message, Compression compression, std::size_t max_bytes) {
  if (compression == Compression::kIdentity) return message;
  z_stream stream{};
  if (inflateInit2(&stream, window_bits(compression)) != Z_OK) throw std::bad_alloc();
  struct End {
    z_stream& stream;
    ~End() { inflateEnd(&stream); }
  } end{stream};
  std::string output;
  std::array<char, 16 * 1024> part;
  int code = Z_OK;
  for (const Bytes& piece : message.pieces()) {
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(piece.data()));
    stream.avail_in = static_cast<uInt>(piece.size());
    do {
      stream.next_out = reinterpret_cast<Bytef*>(part.data());
      stream.avail_out = part.size();
      code = inflate(&stream, Z_NO_FLUSH);
      if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR)
        return Status{StatusCode::kInternal,
                      "the compressed message is damaged: " + std::string(stream.msg ? stream.msg : "bad data")};
      output.append(part.data(), part.size() - stream.avail_out);
      if (output.size() > max_bytes)
        return Status{StatusCode::kResourceExhausted,
                      "the message is larger than " + std::to_string(max_bytes) + " bytes when decompressed"};
    } while (code != Z_STREAM_END && (stream.avail_in > 0 || stream.avail_out == 0));
  }
  if (code != Z_STREAM_END) return Status{StatusCode::kInternal, "the compressed message ends early"};
  return Buffer::take(std::move(output));
}

}  // namespace jina::grpc
