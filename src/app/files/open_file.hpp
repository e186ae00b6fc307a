// OpenFile: a regular file that is open for reading.
//
// Thread: plain value; pread may be used by any thread. Lifetime: closes the file. Cancellation: none.
#pragma once
#include <cstdint>
#include <ctime>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace jina::app {

class OpenFile {
 public:
  OpenFile(OpenFile&& other) noexcept
      : fd_(std::exchange(other.fd_, -1)), size_(other.size_), modified_(other.modified_), modified_ns_(other.modified_ns_) {}
  OpenFile& operator=(OpenFile&& other) noexcept {
    std::swap(fd_, other.fd_);  // `other` closes what was open here
    size_ = other.size_;
    modified_ = other.modified_;
    modified_ns_ = other.modified_ns_;
    return *this;
  }
  ~OpenFile();

  /// Empty when it is not there, is no regular file or may not be read.
  static std::optional<OpenFile> open(const std::filesystem::path& path);

  std::uint64_t size() const noexcept { return size_; }
  std::time_t modified() const noexcept { return modified_; }
  /// Changes when the file does: "\"18a9f0c2d1b2c3d4-1f4\"".
  std::string etag() const;

  /// Fills `out` from `offset`; less than asked for at the end of the file and on errors. May wait for the disk.
  std::size_t read(char* out, std::size_t size, std::uint64_t offset) const;
  /// The same for what is in memory already: does not wait. Less than asked for where it would have to.
  std::size_t read_cached(char* out, std::size_t size, std::uint64_t offset) const;

 private:
  friend class Folder;
  explicit OpenFile(int fd) : fd_(fd) {}
  /// Takes `fd` over.
  static std::optional<OpenFile> adopt(int fd);

  int fd_;
  std::uint64_t size_ = 0;
  std::time_t modified_ = 0;
  std::int64_t modified_ns_ = 0;
};

}  // namespace jina::app
