#include "flow/file_watch.hpp"

#include <sys/inotify.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <utility>

namespace jina::flow {

namespace asio = boost::asio;
namespace fs = std::filesystem;

namespace {

// An editor's several steps, or a checkout's many files.
constexpr auto kQuiet = std::chrono::milliseconds(150);

bool is_source(const fs::path& file) {
  return file.extension() == ".cpp" || file.extension() == ".cc" || file.extension() == ".cxx";
}
bool is_header(const fs::path& file) { return file.extension() == ".hpp" || file.extension() == ".h" || file.extension() == ".hh"; }

}  // namespace

FileWatch::FileWatch(asio::io_context& io, std::function<void(const fs::path&)> on_change)
    : on_change_(std::move(on_change)), descriptor_(io), quiet_(io) {}

Status FileWatch::watch(const std::vector<fs::path>& files) {
  if (!descriptor_.is_open()) {
    const int file = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (file < 0) return {StatusCode::kUnavailable, std::string("files can not be watched: ") + std::strerror(errno)};
    descriptor_.assign(file);
    read();
  }
  for (const auto& file : files) {
    const auto path = fs::absolute(file).lexically_normal();
    files_.insert(path);
    const auto folder = path.parent_path();
    if (is_source(path)) source_folders_.insert(folder);
    const int number = ::inotify_add_watch(descriptor_.native_handle(), folder.c_str(), IN_CLOSE_WRITE | IN_MOVED_TO | IN_DELETE);
    if (number < 0)
      return {StatusCode::kUnavailable, "the folder " + folder.string() + " can not be watched: " + std::strerror(errno) +
                                            (errno == ENOSPC ? "; raise fs.inotify.max_user_watches (sysctl)" : "")};
    folders_[number] = folder;
  }
  return {};
}

void FileWatch::read() {
  descriptor_.async_read_some(asio::buffer(events_), [this](auto failure, std::size_t size) {
    if (failure) return;
    for (std::size_t at = 0; at + sizeof(inotify_event) <= size;) {
      inotify_event event{};
      std::memcpy(&event, events_.data() + at, sizeof event);
      const char* name = events_.data() + at + sizeof event;
      if (event.len > 0 && folders_.contains(event.wd)) take(folders_[event.wd] / name);
      at += sizeof event + event.len;
    }
    read();
  });
}

void FileWatch::take(const fs::path& file) {
  const bool header = is_header(file) && source_folders_.contains(file.parent_path());
  if (!files_.contains(file) && !header) return;
  if (changed_.empty()) changed_ = file;
  quiet_.expires_after(kQuiet);
  quiet_.async_wait([this](auto failure) {
    if (!failure) on_change_(std::exchange(changed_, {}));
  });
}

}  // namespace jina::flow
