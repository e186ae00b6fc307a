// ContentHash: SHA-256 over parts, as the name of what they make.
//
// Thread: plain object. Lifetime: owns its state. Cancellation: none.
#pragma once
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace jina {

class ContentHash {
 public:
  ContentHash();
  /// Parts do not run into each other: "ab", "c" is another hash than "a", "bc".
  void add(std::string_view part);
  /// 32 hex digits. The last call.
  std::string hex();

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const noexcept;
  };
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

/// Empty when the file can not be read.
std::optional<std::string> read_file(const std::filesystem::path& path);

/// Of its content; "-" when it can not be read.
std::string hash_of_file(const std::filesystem::path& path);

}  // namespace jina
