// Tokens that nobody signed: none of them is good.
#include <cstdint>
#include <cstdlib>

#include "app/middleware/jwt_token.hpp"

namespace {

constexpr const char* kPublicKey =
    "-----BEGIN PUBLIC KEY-----\n"
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE/RUeMZvBOjqm41CWaW1dSCZAYizR\n"
    "Ap9BZx2pRH59gozznfiEfHB+fLelmhbplFHlFtIvft/WM4WTarR/fFIrag==\n"
    "-----END PUBLIC KEY-----\n";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const jina::app::JwtKeys keys(std::string(32, 's'), kPublicKey, {});
  const std::string_view token(reinterpret_cast<const char*>(data), size);
  if (keys.verify(token)) std::abort();
  return 0;
}
