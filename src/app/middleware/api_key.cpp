#include <openssl/crypto.h>
#include <openssl/sha.h>

#include <array>
#include <optional>
#include <stdexcept>

#include "app/middleware/path_set.hpp"
#include "app/middleware/support.hpp"
#include "jina/middleware.hpp"

namespace jina::middleware {
namespace {

// Keys are compared as digests: the time it takes says nothing about them, not even their length.
using Digest = std::array<unsigned char, SHA256_DIGEST_LENGTH>;

Digest digest_of(std::string_view text) {
  Digest digest;
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return digest;
}

class ApiKeys {
 public:
  explicit ApiKeys(ApiKeyOptions options) : query_(std::move(options.query)), open_(std::move(options.open)) {
    if (options.keys.empty()) throw std::invalid_argument("api_key: there is no key");
    for (const std::string& key : options.keys) {
      if (key.empty()) throw std::invalid_argument("api_key: a key is empty");
      digests_.push_back(digest_of(key));
    }
    if (!options.header.empty()) {
      if (!http::is_token(options.header))
        throw std::invalid_argument("api_key: \"" + options.header + "\" is no name of a header");
      http::assign_lower(header_, options.header);
    }
    if (header_.empty() && query_.empty()) throw std::invalid_argument("api_key: neither header nor query can carry the key");
  }

  /// Throws HttpError.
  void check(HttpRequest& request) const {
    if (open_.has(request.path)) return;
    const std::string given = given_key(request);
    if (given.empty())
      throw HttpError(401, "Not authenticated", {{"www-authenticate", header_ == "authorization" ? "Bearer" : "ApiKey"}});
    const std::optional<std::size_t> number = find(given);
    if (!number) throw HttpError(403, "Invalid API key");
    request.attributes["api_key"] = *number;
  }

 private:
  std::string given_key(const HttpRequest& request) const {
    if (!header_.empty()) {
      const std::string_view value = request.header(header_);
      const std::string_view key = header_ == "authorization" ? app::bearer_of(value) : value;
      if (!key.empty()) return std::string(key);
    }
    return query_.empty() ? std::string() : app::query_parameter(request, query_);
  }

  std::optional<std::size_t> find(const std::string& key) const {
    const Digest digest = digest_of(key);
    std::optional<std::size_t> found;
    for (std::size_t i = 0; i < digests_.size(); ++i)  // all of them, whichever it is
      if (CRYPTO_memcmp(digest.data(), digests_[i].data(), digest.size()) == 0) found = i;
    return found;
  }

  std::string header_;
  std::string query_;
  app::PathSet open_;
  std::vector<Digest> digests_;
};

}  // namespace

Middleware api_key(ApiKeyOptions options) {
  return [keys = std::make_shared<const ApiKeys>(std::move(options))](HttpRequest& request, RequestContext&, const Next& next) {
    keys->check(request);
    return next(request);
  };
}

}  // namespace jina::middleware
