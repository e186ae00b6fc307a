#include "module/module_cache.hpp"

#include <fcntl.h>
#include <pwd.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>
#include <utility>
#include <vector>

#include "module/content_hash.hpp"
#include "module/shared_object.hpp"

namespace jina {
namespace {

namespace fs = std::filesystem;

// "size time" of a file: while both are the same, so is the content.
std::string stamp_of(const fs::path& file) {
  std::error_code error;
  const auto size = fs::file_size(file, error);
  const auto time = fs::last_write_time(file, error);
  return error ? "-" : std::to_string(size) + "." + std::to_string(time.time_since_epoch().count());
}

bool changed_on(const fs::path& file, fs::file_time_type started) {
  std::error_code error;
  const auto time = fs::last_write_time(file, error);
  return error || time > started;
}

// More than this many modules, and those that nobody used for a day go.
constexpr std::size_t kKeep = 100;
constexpr auto kInUse = std::chrono::hours(24);

// The prerequisites of a make rule as the compiler writes one: "target: a b \<newline> c", blanks in names escaped.
std::vector<std::string> prerequisites(const std::string& rule) {
  std::vector<std::string> names;
  std::string name;
  const auto flush = [&] {
    if (!name.empty()) names.push_back(std::exchange(name, {}));
  };
  const std::size_t colon = rule.find(": ");
  for (std::size_t i = colon == std::string::npos ? rule.size() : colon + 2; i < rule.size(); ++i) {
    const char c = rule[i];
    if (c == '\\' && i + 1 < rule.size() && (rule[i + 1] == ' ' || rule[i + 1] == '#' || rule[i + 1] == '\\')) {
      name += rule[++i];
    } else if (c == ' ' || c == '\n' || c == '\\') {
      flush();
    } else {
      name += c;
    }
  }
  flush();
  return names;
}

}  // namespace

Result<fs::path> default_module_cache() {
  if (const char* cache = std::getenv("XDG_CACHE_HOME"); cache != nullptr && *cache != '\0')
    return fs::path(cache) / "jina" / "modules";
  const char* home = std::getenv("HOME");
  if (home == nullptr || *home == '\0') {
    const passwd* user = getpwuid(getuid());
    home = user != nullptr ? user->pw_dir : nullptr;
  }
  if (home == nullptr)
    return Status{StatusCode::kFailedPrecondition, "there is no place for compiled modules: set XDG_CACHE_HOME or HOME"};
  return fs::path(home) / ".cache" / "jina" / "modules";
}

ModuleCacheEntry::ModuleCacheEntry(fs::path folder, std::string name, fs::path source)
    : folder_(std::move(folder)), name_(std::move(name)), source_(std::move(source)), shared_object_(file(".so")) {}

ModuleCacheEntry::~ModuleCacheEntry() {
  if (lock_fd_ >= 0) close(lock_fd_);
}

fs::path ModuleCacheEntry::file(std::string_view ending) const { return folder_ / (name_ + std::string(ending)); }
fs::path ModuleCacheEntry::temporary() const { return file("." + std::to_string(getpid()) + ".tmp"); }
fs::path ModuleCacheEntry::temporary_dependencies() const { return file("." + std::to_string(getpid()) + ".d"); }

bool ModuleCacheEntry::is_fresh() const {
  std::ifstream headers(file(".headers"));
  if (!headers) return false;
  std::string hash;
  std::string stamp;
  std::string name;
  // One line for each: hash, stamp and path (relative to the source), blanks between.
  while (headers >> hash >> stamp && headers.get() == ' ' && std::getline(headers, name)) {
    const fs::path header = source_.parent_path() / name;
    if (stamp_of(header) != stamp && hash_of_file(header) != hash) return false;
  }
  // Last, for it is the one that costs something; a crash of the machine may leave half a file.
  if (!check_shared_object(shared_object_).empty()) return false;
  std::error_code error;
  fs::last_write_time(shared_object_, fs::file_time_type::clock::now(), error);  // so prune() sees that it is used
  return true;
}

Status ModuleCacheEntry::lock(const std::function<void(int)>& on_wait) {
  const fs::path path = file(".lock");
  lock_fd_ = open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
  int result = lock_fd_ < 0 ? -1 : flock(lock_fd_, LOCK_EX | LOCK_NB);
  if (result != 0 && errno == EWOULDBLOCK) {
    std::array<char, 16> text{};
    const auto size = pread(lock_fd_, text.data(), text.size() - 1, 0);
    on_wait(size > 0 ? std::atoi(text.data()) : 0);
    do result = flock(lock_fd_, LOCK_EX);
    while (result != 0 && errno == EINTR);
  }
  if (result != 0)
    return {StatusCode::kFailedPrecondition,
            "the module cache " + folder_.string() + " can not be written: " + std::strerror(errno)};
  // For who waits now. Whether it can be written is no matter: the lock is what counts.
  const std::string own = std::to_string(getpid()) + "\n";
  if (ftruncate(lock_fd_, 0) == 0) (void)!pwrite(lock_fd_, own.data(), own.size(), 0);
  return {};
}

Status ModuleCacheEntry::commit(fs::file_time_type started) {
  bool changed = changed_on(source_, started);
  std::ostringstream lines;
  for (const std::string& name : prerequisites(read_file(temporary_dependencies()).value_or(""))) {
    const fs::path header = (source_.parent_path() / name).lexically_normal();  // the compiler ran in that folder
    if (header == source_) continue;
    changed = changed || changed_on(header, started);
    lines << hash_of_file(header) << ' ' << stamp_of(header) << ' ' << header.lexically_relative(source_.parent_path()).string()
          << '\n';
  }
  std::error_code error;
  if (changed) {
    fs::remove(file(".headers"), error);
    error.clear();
  } else {
    std::ofstream out(temporary_dependencies(), std::ios::binary | std::ios::trunc);
    out << lines.str();
    if (!out.flush()) error = std::make_error_code(std::errc::io_error);
    out.close();
    // The list first: with an old list beside a new object, a changed header would pass unseen.
    if (!error) fs::rename(temporary_dependencies(), file(".headers"), error);
  }
  if (!error) fs::rename(temporary(), shared_object_, error);
  discard();
  if (!error) {
    prune();
    return {};
  }
  return {StatusCode::kFailedPrecondition,
          "the compiled module " + shared_object_.string() + " can not be written: " + error.message()};
}

void ModuleCacheEntry::prune() const {
  std::error_code error;
  std::vector<std::pair<fs::file_time_type, fs::path>> modules;
  for (const auto& entry : fs::directory_iterator(folder_, error))
    if (entry.path().extension() == ".so") modules.emplace_back(entry.last_write_time(error), entry.path());
  if (modules.size() <= kKeep) return;
  std::sort(modules.begin(), modules.end());
  const auto limit = fs::file_time_type::clock::now() - kInUse;
  for (std::size_t i = 0; i + kKeep < modules.size() && modules[i].first < limit; ++i)
    for (const char* ending : {".so", ".headers", ".lock"}) fs::remove(modules[i].second.replace_extension(ending), error);
}

void ModuleCacheEntry::discard() {
  std::error_code error;
  fs::remove(temporary(), error);
  fs::remove(temporary_dependencies(), error);
}

}  // namespace jina
