#include "app/middleware/jwt_token.hpp"

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <stdexcept>

#include "base/base64.hpp"

namespace jina::app {
namespace {

namespace json = boost::json;

constexpr std::size_t kMaxTokenBytes = 16 * 1024;

template <auto kFree>
struct Freer {
  template <class T>
  void operator()(T* object) const {
    kFree(object);
  }
};
using KeyPtr = std::unique_ptr<EVP_PKEY, Freer<EVP_PKEY_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Freer<EVP_MD_CTX_free>>;
using BioPtr = std::unique_ptr<BIO, Freer<BIO_free_all>>;

const EVP_MD* hash_of(std::string_view algorithm) {
  const std::string_view bits = algorithm.substr(2);
  return bits == "256" ? EVP_sha256() : bits == "384" ? EVP_sha384() : EVP_sha512();
}

enum class Family { kHmac, kRsa, kEc };
std::optional<Family> family_of(std::string_view algorithm) {
  if (algorithm == "HS256" || algorithm == "HS384" || algorithm == "HS512") return Family::kHmac;
  if (algorithm == "RS256" || algorithm == "RS384" || algorithm == "RS512") return Family::kRsa;
  if (algorithm == "ES256") return Family::kEc;
  return std::nullopt;
}

[[noreturn]] void refuse(const std::string& why) { throw std::invalid_argument("jwt: " + why); }

// JOSE has the two numbers of an ECDSA signature side by side; OpenSSL wants them in DER.
std::string der_of(const std::string& signature) {
  if (signature.size() != 64) return {};
  const auto* bytes = reinterpret_cast<const unsigned char*>(signature.data());
  std::unique_ptr<ECDSA_SIG, Freer<ECDSA_SIG_free>> numbers(ECDSA_SIG_new());
  BIGNUM* r = BN_bin2bn(bytes, 32, nullptr);
  BIGNUM* s = BN_bin2bn(bytes + 32, 32, nullptr);
  if (!numbers || r == nullptr || s == nullptr || ECDSA_SIG_set0(numbers.get(), r, s) != 1) {
    BN_free(r);
    BN_free(s);
    return {};
  }
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(numbers.get(), &der);
  std::string out(reinterpret_cast<char*>(der), size > 0 ? static_cast<std::size_t>(size) : 0);
  OPENSSL_free(der);
  return out;
}

std::optional<json::object> parse_object(std::string_view text) {
  boost::system::error_code error;
  json::value value = json::parse(text, error);
  if (error || !value.is_object()) return std::nullopt;
  return std::move(value.as_object());
}

}  // namespace

struct JwtKeys::Key {
  KeyPtr pointer;
  Family family = Family::kRsa;
};

JwtKeys::JwtKeys(std::string secret, const std::string& public_key, std::vector<std::string> algorithms)
    : secret_(std::move(secret)), algorithms_(std::move(algorithms)) {
  if (secret_.empty() && public_key.empty()) refuse("there is neither a secret nor a public_key");
  if (!secret_.empty()) {
    if (secret_.find("-----BEGIN") != std::string::npos) refuse("the secret is a PEM; a public key goes into public_key");
    if (secret_.size() < 32) refuse("the secret has less than 32 bytes: it could be guessed");
  }
  if (!public_key.empty()) {
    const BioPtr bio(BIO_new_mem_buf(public_key.data(), static_cast<int>(public_key.size())));
    key_ = std::make_unique<Key>();
    key_->pointer.reset(PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr));
    ERR_clear_error();
    if (!key_->pointer) refuse("public_key is no PEM that begins with -----BEGIN PUBLIC KEY-----");
    const int type = EVP_PKEY_get_base_id(key_->pointer.get());
    char group[64] = "";
    if (type == EVP_PKEY_RSA) {
      if (EVP_PKEY_get_bits(key_->pointer.get()) < 2048) refuse("the RSA key has less than 2048 bits");
    } else if (type == EVP_PKEY_EC && EVP_PKEY_get_group_name(key_->pointer.get(), group, sizeof group, nullptr) == 1 &&
               std::string_view(group) == "prime256v1") {
      key_->family = Family::kEc;
    } else {
      refuse("public_key is neither an RSA key nor one on the curve P-256");
    }
  }
  if (algorithms_.empty()) {
    if (!secret_.empty()) algorithms_.emplace_back("HS256");
    if (key_) algorithms_.emplace_back(key_->family == Family::kEc ? "ES256" : "RS256");
  }
  for (const std::string& algorithm : algorithms_) {
    const std::optional<Family> family = family_of(algorithm);
    if (!family) refuse("the algorithm \"" + algorithm + "\" is not one of HS256, HS384, HS512, RS256, RS384, RS512, ES256");
    if (*family == Family::kHmac ? secret_.empty() : !key_ || key_->family != *family)
      refuse("there is no key for the algorithm " + algorithm);
  }
}
JwtKeys::~JwtKeys() = default;

bool JwtKeys::check(std::string_view algorithm, std::string_view text, const std::string& signature) const {
  const Family family = *family_of(algorithm);
  const EVP_MD* hash = hash_of(algorithm);
  const auto* data = reinterpret_cast<const unsigned char*>(text.data());
  if (family == Family::kHmac) {
    unsigned char expected[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    if (HMAC(hash, secret_.data(), static_cast<int>(secret_.size()), data, text.size(), expected, &size) == nullptr) return false;
    return signature.size() == size && CRYPTO_memcmp(expected, signature.data(), size) == 0;
  }
  const std::string der = family == Family::kEc ? der_of(signature) : signature;
  const DigestContext context(EVP_MD_CTX_new());
  const bool good =
      !der.empty() && context && EVP_DigestVerifyInit(context.get(), nullptr, hash, nullptr, key_->pointer.get()) == 1 &&
      EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(der.data()), der.size(), data, text.size()) == 1;
  ERR_clear_error();
  return good;
}

std::optional<json::object> JwtKeys::verify(std::string_view token) const {
  if (token.size() > kMaxTokenBytes) return std::nullopt;
  const std::size_t first = token.find('.');
  const std::size_t second = first == std::string_view::npos ? first : token.find('.', first + 1);
  if (second == std::string_view::npos || token.find('.', second + 1) != std::string_view::npos) return std::nullopt;
  const std::optional<std::string> head = base64url_decode(token.substr(0, first));
  const std::optional<std::string> body = base64url_decode(token.substr(first + 1, second - first - 1));
  const std::optional<std::string> signature = base64url_decode(token.substr(second + 1));
  if (!head || !body || !signature) return std::nullopt;

  const std::optional<json::object> header = parse_object(*head);
  if (!header || header->contains("crit")) return std::nullopt;  // "crit" names extensions that must be understood: none is
  const json::value* algorithm = header->if_contains("alg");
  if (algorithm == nullptr || !algorithm->is_string()) return std::nullopt;
  const std::string name(algorithm->get_string());
  if (std::find(algorithms_.begin(), algorithms_.end(), name) == algorithms_.end()) return std::nullopt;
  if (!check(name, token.substr(0, second), *signature)) return std::nullopt;
  return parse_object(*body);
}

std::optional<std::string> base64url_decode(std::string_view text) {
  std::string standard(text);
  for (char& c : standard) {
    if (c == '+' || c == '/' || c == '=') return std::nullopt;
    if (c == '-') c = '+';
    if (c == '_') c = '/';
  }
  return base64_decode(standard);
}

}  // namespace jina::app
