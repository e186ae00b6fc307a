// Deflater: compresses a body piece by piece as gzip or deflate (zlib).
//
// Thread: plain value. Lifetime: owns its state (about 256 KB). Cancellation: none.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace jina::app {

enum class Coding : std::uint8_t { kNone, kGzip, kDeflate };
std::string_view name_of(Coding coding) noexcept;
/// The one that an Accept-Encoding likes best.
Coding choose_coding(std::string_view accept_encoding) noexcept;

class Deflater {
 public:
  enum class Flush : std::uint8_t {
    kNo,      ///< the output may lag behind
    kPiece,   ///< all that was put in can be read from the output
    kFinish,  ///< the end; once
  };
  Deflater(Coding coding, int level);
  ~Deflater();
  /// What there is to send after these bytes, may be empty.
  std::string add(std::string_view data, Flush flush);

 private:
  struct Stream;
  std::unique_ptr<Stream> stream_;
};

}  // namespace jina::app
