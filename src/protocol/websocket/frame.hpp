// WebSocket frames: their header, their mask, and what a close frame says.
//
// Thread: plain values. Lifetime: own their bytes. Cancellation: none.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace jina::websocket {

enum class Opcode : std::uint8_t { kContinuation = 0, kText = 1, kBinary = 2, kClose = 8, kPing = 9, kPong = 10 };

/// Close codes that this server sends by itself.
enum CloseCode : std::uint16_t {
  kNormal = 1000,
  kGoingAway = 1001,
  kProtocolError = 1002,
  kNoCode = 1005,  // never on the wire
  kInvalidData = 1007,
  kTooBig = 1009,
  kInternalError = 1011,
};

struct FrameHeader {
  Opcode opcode = Opcode::kContinuation;
  bool final = false;
  bool compressed = false;  ///< RSV1
  std::uint64_t size = 0;
  unsigned char mask[4] = {};

  bool is_control() const noexcept { return (static_cast<unsigned>(opcode) & 8) != 0; }
};

/// Reads frame headers as sent by clients, byte by byte if need be.
class FrameHeaderReader {
 public:
  enum class Step : std::uint8_t { kNeedMore, kComplete, kError };
  /// Takes bytes from the front of `data`. After kComplete header() is valid; kError: error() says why (code 1002).
  Step read(std::string_view& data, bool allow_compressed);
  const FrameHeader& header() const noexcept { return header_; }
  std::string_view error() const noexcept { return error_; }
  /// In the middle of a header.
  bool partial() const noexcept { return have_ != 0; }

 private:
  Step parse(bool allow_compressed);

  unsigned char bytes_[14];
  std::size_t have_ = 0;
  FrameHeader header_;
  std::string_view error_;
};

/// XORs `size` bytes that are `offset` bytes into the payload with the mask.
void apply_mask(char* data, std::size_t size, const unsigned char mask[4], std::uint64_t offset) noexcept;

/// The header of a server's frame, which is not masked. Returns its length; `out` has room for ten bytes.
std::size_t write_header(char* out, Opcode opcode, std::uint64_t size, bool compressed) noexcept;

struct Close {
  std::uint16_t code = kNoCode;
  std::string reason;
};
/// Takes a close frame's payload apart; empty with `error` set to the code to fail with when it is malformed.
std::optional<Close> parse_close(std::string_view payload, std::uint16_t& error);
/// The payload for a code and a reason, which is cut to 123 bytes between characters.
std::string close_payload(std::uint16_t code, std::string_view reason);

}  // namespace jina::websocket
