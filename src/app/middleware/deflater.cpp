#include "app/middleware/deflater.hpp"

#include <zlib.h>

#include <charconv>
#include <cstdlib>
#include <limits>
#include <new>

#include "protocol/http/syntax.hpp"

namespace jina::app {
namespace {

constexpr std::size_t kBlock = 16 * 1024;

// "0.5" of "gzip; q=0.5"; 1 without.
double quality_of(std::string_view parameters) {
  const std::size_t at = parameters.find("q=");
  if (at == std::string_view::npos) return 1;
  const std::string_view text = http::trim(parameters.substr(at + 2));
  double quality = 0;
  std::from_chars(text.data(), text.data() + text.size(), quality);
  return quality;
}

}  // namespace

std::string_view name_of(Coding coding) noexcept {
  return coding == Coding::kGzip ? "gzip" : coding == Coding::kDeflate ? "deflate" : "identity";
}

Coding choose_coding(std::string_view accept_encoding) noexcept {
  double gzip = -1, deflate = -1, others = 0;
  http::for_each_element(accept_encoding, [&](std::string_view element) {
    const std::size_t semicolon = element.find(';');
    const std::string_view name = http::trim(element.substr(0, semicolon));
    const double quality = semicolon == std::string_view::npos ? 1 : quality_of(element.substr(semicolon + 1));
    if (http::equal_nocase(name, "gzip") || http::equal_nocase(name, "x-gzip")) gzip = quality;
    if (http::equal_nocase(name, "deflate")) deflate = quality;
    if (name == "*") others = quality;
  });
  if (gzip < 0) gzip = others;
  if (deflate < 0) deflate = others;
  if (gzip <= 0 && deflate <= 0) return Coding::kNone;
  return gzip >= deflate ? Coding::kGzip : Coding::kDeflate;
}

struct Deflater::Stream {
  z_stream zlib{};
};

Deflater::Deflater(Coding coding, int level) : stream_(std::make_unique<Stream>()) {
  const int window = coding == Coding::kGzip ? 15 + 16 : 15;
  if (deflateInit2(&stream_->zlib, level, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY) != Z_OK) throw std::bad_alloc();
}
Deflater::~Deflater() { deflateEnd(&stream_->zlib); }

std::string Deflater::add(std::string_view data, Flush flush) {
  z_stream& zlib = stream_->zlib;
  std::string out;
  do {
    // zlib counts in 32 bits.
    const std::string_view part = data.substr(0, std::numeric_limits<uInt>::max());
    data.remove_prefix(part.size());
    const int mode = !data.empty() || flush == Flush::kNo ? Z_NO_FLUSH : flush == Flush::kPiece ? Z_SYNC_FLUSH : Z_FINISH;
    zlib.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(part.data()));
    zlib.avail_in = static_cast<uInt>(part.size());
    do {
      const std::size_t before = out.size();
      out.resize(before + kBlock);
      zlib.next_out = reinterpret_cast<Bytef*>(out.data() + before);
      zlib.avail_out = kBlock;
      deflate(&zlib, mode);
      out.resize(before + kBlock - zlib.avail_out);
    } while (zlib.avail_out == 0 || zlib.avail_in != 0);
  } while (!data.empty());
  return out;
}

}  // namespace jina::app
