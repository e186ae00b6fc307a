#include "jina/status.hpp"

#include <array>

namespace jina {
namespace {
constexpr std::array<std::string_view, 17> kNames = {
    "OK",        "CANCELLED",      "UNKNOWN",           "INVALID_ARGUMENT",   "DEADLINE_EXCEEDED",
    "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION",
    "ABORTED",   "OUT_OF_RANGE",   "UNIMPLEMENTED",     "INTERNAL",           "UNAVAILABLE",
    "DATA_LOSS", "UNAUTHENTICATED"};
}  // namespace

std::string_view to_string(StatusCode code) noexcept {
  const auto index = static_cast<std::size_t>(code);
  return index < kNames.size() ? kNames[index] : kNames[2];
}

StatusCode status_code_from(int number) noexcept {
  return number >= 0 && number < static_cast<int>(kNames.size()) ? static_cast<StatusCode>(number) : StatusCode::kUnknown;
}

std::string Status::to_string() const {
  std::string text(jina::to_string(code));
  if (!message.empty()) text += ": " + message;
  return text;
}

}  // namespace jina
