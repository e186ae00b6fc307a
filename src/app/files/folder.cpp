#include "app/files/folder.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <climits>
#include <stdexcept>

namespace jina::app {
namespace {

// Refers to a file without opening it: no pipe is waited for, no device is started.
class PathHandle {
 public:
  explicit PathHandle(const char* path) : fd_(::open(path, O_PATH | O_CLOEXEC)) {}
  PathHandle(const PathHandle&) = delete;
  PathHandle& operator=(const PathHandle&) = delete;
  ~PathHandle() {
    if (fd_ >= 0) ::close(fd_);
  }
  explicit operator bool() const noexcept { return fd_ >= 0; }
  /// How the kernel reaches it again, whatever happened to the path since.
  std::string link() const { return "/proc/self/fd/" + std::to_string(fd_); }
  mode_t mode() const {
    struct stat facts {};
    return ::fstat(fd_, &facts) == 0 ? facts.st_mode : 0;
  }
  /// Where it really is, all links followed; "" when that cannot be found out.
  std::string real_path() const {
    char text[PATH_MAX];
    const ssize_t size = ::readlink(link().c_str(), text, sizeof text);
    return size <= 0 ? std::string() : std::string(text, static_cast<std::size_t>(size));
  }

 private:
  int fd_;
};

}  // namespace

Folder::Folder(const std::filesystem::path& path, bool hidden) : path_(std::filesystem::absolute(path)), hidden_(hidden) {
  const PathHandle handle(path_.c_str());
  if (!handle || !S_ISDIR(handle.mode())) throw std::invalid_argument("there is no folder " + path_.string());
  real_ = handle.real_path();
  if (real_.empty()) throw std::invalid_argument("cannot find out where " + path_.string() + " is: /proc is not mounted");
  if (real_.back() != '/') real_ += '/';
}

// Segment by segment: none may be empty (but the last), ".", ".." or, unless wanted, hidden.
bool Folder::may_be_served(std::string_view relative) const noexcept {
  if (relative.find('\0') != std::string_view::npos) return false;
  while (!relative.empty()) {
    const std::size_t end = relative.find('/');
    const std::string_view segment = relative.substr(0, end);
    if (segment.empty() || segment == "." || segment == ".." || (segment.front() == '.' && !hidden_)) return false;
    relative = end == std::string_view::npos ? std::string_view() : relative.substr(end + 1);
  }
  return true;
}

Folder::Found Folder::find(std::string_view relative) const {
  if (!may_be_served(relative)) return {};
  // First to a handle, then the question where that is, then opening through the handle: between the steps nobody can put another
  // file in its place.
  const PathHandle handle((path_ / relative).c_str());
  if (!handle) return {};
  const std::string real = handle.real_path() + (S_ISDIR(handle.mode()) ? "/" : "");
  if (!real.starts_with(real_)) return {};
  if (S_ISDIR(handle.mode())) return {std::nullopt, true};
  if (relative.empty() || relative.back() == '/') return {};
  return {OpenFile::open(handle.link()), false};
}

}  // namespace jina::app
