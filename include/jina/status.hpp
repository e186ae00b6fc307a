// Status and Result: how expected failures travel. Codes are gRPC's (google.rpc.Code), since that is what crosses the wire.
//
// Thread: plain values. Lifetime: own their text. Cancellation: a cancelled operation ends with kCancelled.
#pragma once
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace jina {

/// gRPC status codes; the numbers are on the wire, do not change them.
enum class StatusCode : std::uint8_t {
  kOk = 0,
  kCancelled = 1,
  kUnknown = 2,
  kInvalidArgument = 3,
  kDeadlineExceeded = 4,
  kNotFound = 5,
  kAlreadyExists = 6,
  kPermissionDenied = 7,
  kResourceExhausted = 8,
  kFailedPrecondition = 9,
  kAborted = 10,
  kOutOfRange = 11,
  kUnimplemented = 12,
  kInternal = 13,
  kUnavailable = 14,
  kDataLoss = 15,
  kUnauthenticated = 16,
};

/// "UNAVAILABLE" for kUnavailable, and so on; "CODE(n)" is never returned: unknown numbers read as UNKNOWN.
std::string_view to_string(StatusCode code) noexcept;
/// The code of a number from the wire; kUnknown for numbers that gRPC does not define.
StatusCode status_code_from(int number) noexcept;

/// A code and, when it is not kOk, a sentence for the person who has to act on it.
struct [[nodiscard]] Status {
  StatusCode code = StatusCode::kOk;
  std::string message{};

  bool ok() const noexcept { return code == StatusCode::kOk; }
  explicit operator bool() const noexcept { return ok(); }
  /// "UNAVAILABLE: message", for logs.
  std::string to_string() const;
  friend bool operator==(const Status&, const Status&) = default;
};

/// A value or the Status that says why there is none.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}  // NOLINT(google-explicit-constructor)
  /// REQUIRES: !status.ok().
  Result(Status status) : state_(std::in_place_index<1>, std::move(status)) {}  // NOLINT(google-explicit-constructor)

  bool ok() const noexcept { return state_.index() == 0; }
  explicit operator bool() const noexcept { return ok(); }
  /// REQUIRES: ok().
  T& operator*() & { return std::get<0>(state_); }
  const T& operator*() const& { return std::get<0>(state_); }
  T&& operator*() && { return std::get<0>(std::move(state_)); }
  T* operator->() { return &std::get<0>(state_); }
  const T* operator->() const { return &std::get<0>(state_); }
  /// The value; throws std::runtime_error with the status text when there is none.
  T& value() & {
    if (!ok()) throw std::runtime_error(error().to_string());
    return std::get<0>(state_);
  }
  T&& value() && {
    if (!ok()) throw std::runtime_error(error().to_string());
    return std::get<0>(std::move(state_));
  }
  /// REQUIRES: !ok().
  const Status& error() const& { return std::get<1>(state_); }
  Status&& error() && { return std::get<1>(std::move(state_)); }
  /// The error, or an OK status when there is a value.
  Status status() const { return ok() ? Status{} : error(); }

 private:
  std::variant<T, Status> state_;
};

}  // namespace jina
