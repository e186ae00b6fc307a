#include "module/content_hash.hpp"

#include <openssl/evp.h>

#include <fstream>
#include <sstream>

namespace jina {

void ContentHash::Free::operator()(evp_md_ctx_st* context) const noexcept { EVP_MD_CTX_free(context); }

ContentHash::ContentHash() : context_(EVP_MD_CTX_new()) { EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr); }

void ContentHash::add(std::string_view part) {
  const std::string size = std::to_string(part.size()) + ":";
  EVP_DigestUpdate(context_.get(), size.data(), size.size());
  EVP_DigestUpdate(context_.get(), part.data(), part.size());
}

std::string ContentHash::hex() {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  EVP_DigestFinal_ex(context_.get(), digest, &size);
  static constexpr char kDigits[] = "0123456789abcdef";
  constexpr unsigned kBytes = 16;
  std::string out;
  for (unsigned i = 0; i < size && i < kBytes; ++i) out += {kDigits[digest[i] >> 4], kDigits[digest[i] & 15]};
  return out;
}

std::optional<std::string> read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  std::ostringstream text;
  text << in.rdbuf();
  return std::move(text).str();
}

std::string hash_of_file(const std::filesystem::path& path) {
  const std::optional<std::string> content = read_file(path);
  if (!content) return "-";
  ContentHash hash;
  hash.add(*content);
  return hash.hex();
}

}  // namespace jina
