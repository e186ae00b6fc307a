// JSON Web Tokens (RFC 7519, compact form): taking them apart and checking their signatures.
//
// Which key checks a token follows from the algorithm's family, and which algorithms are good is settled at setup: a token cannot
// have a public key taken for a secret, nor say that it needs no signature.
//
// Thread: constant after construction. Lifetime: owns its keys. Cancellation: none.
#pragma once
#include <boost/json/object.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace jina::app {

class JwtKeys {
 public:
  /// `secret` for HS256, HS384, HS512; `public_key` (PEM) for RS256, RS384, RS512 or ES256. `algorithms` empty: HS256 with a
  /// secret, RS256 or ES256 with a key. Throws std::invalid_argument that says what to change.
  JwtKeys(std::string secret, const std::string& public_key, std::vector<std::string> algorithms);
  ~JwtKeys();
  JwtKeys(const JwtKeys&) = delete;
  JwtKeys& operator=(const JwtKeys&) = delete;

  /// The claims of a token whose signature is right; nothing in any other case. What the claims say is not looked at.
  std::optional<boost::json::object> verify(std::string_view token) const;

 private:
  struct Key;
  bool check(std::string_view algorithm, std::string_view text, const std::string& signature) const;

  std::string secret_;
  std::unique_ptr<Key> key_;
  std::vector<std::string> algorithms_;
};

/// base64url without padding (RFC 7515, 2); nothing when a character does not belong there.
std::optional<std::string> base64url_decode(std::string_view text);

}  // namespace jina::app
