#include "app/files/open_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

namespace jina::app {

OpenFile::~OpenFile() {
  if (fd_ >= 0) ::close(fd_);
}

std::optional<OpenFile> OpenFile::adopt(int fd) {
  if (fd < 0) return std::nullopt;
  OpenFile file(fd);
  struct stat facts {};
  if (::fstat(fd, &facts) != 0 || !S_ISREG(facts.st_mode)) return std::nullopt;
  file.size_ = static_cast<std::uint64_t>(facts.st_size);
  file.modified_ = facts.st_mtim.tv_sec;
  file.modified_ns_ = facts.st_mtim.tv_sec * 1'000'000'000 + facts.st_mtim.tv_nsec;
  return file;
}

std::optional<OpenFile> OpenFile::open(const std::filesystem::path& path) {
  // Without O_NONBLOCK a pipe in its place would be waited for.
  return adopt(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
}

std::string OpenFile::etag() const {
  char text[48];
  const int size = std::snprintf(text, sizeof text, "\"%llx-%llx\"", static_cast<unsigned long long>(modified_ns_),
                                 static_cast<unsigned long long>(size_));
  return {text, static_cast<std::size_t>(size)};
}

std::size_t OpenFile::read(char* out, std::size_t size, std::uint64_t offset) const {
  std::size_t done = 0;
  while (done < size) {
    const ssize_t count = ::pread(fd_, out + done, size - done, static_cast<off_t>(offset + done));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    done += static_cast<std::size_t>(count);
  }
  return done;
}

std::size_t OpenFile::read_cached(char* out, std::size_t size, std::uint64_t offset) const {
  std::size_t done = 0;
  while (done < size) {
    const iovec part{out + done, size - done};
    const ssize_t count = ::preadv2(fd_, &part, 1, static_cast<off_t>(offset + done), RWF_NOWAIT);
    if (count <= 0) break;  // not in memory, or a file system that can not say
    done += static_cast<std::size_t>(count);
  }
  return done;
}

}  // namespace jina::app
