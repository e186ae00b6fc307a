#include "module/module_cache.hpp"

#include <fcntl.h>
#include <pwd.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>
#include <vector>

#include "module/content_hash.hpp"

namespace jina {
namespace {

namespace fs = std::filesystem;

std::string hash_of(const fs::path& file) {
  const std::optional<std::string> content = read_file(file);
  if (!content) return "-";
  ContentHash hash;
  hash.add(*content);
  return hash.hex();
}

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
  std::error_code error;
  if (!fs::exists(shared_object_, error)) return false;
  std::ifstream headers(file(".headers"));
  if (!headers) return false;
  std::string hash;
  std::string name;
  // One line for each: its hash, a blank, its path relative to the source.
  while (headers >> hash && headers.get() == ' ' && std::getline(headers, name))
    if (hash_of(source_.parent_path() / name) != hash) return false;
  return true;
}

Status ModuleCacheEntry::lock() {
  const fs::path path = file(".lock");
  lock_fd_ = open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
  int result = lock_fd_ < 0 ? -1 : flock(lock_fd_, LOCK_EX);
  while (result != 0 && errno == EINTR) result = flock(lock_fd_, LOCK_EX);
  if (result == 0) return {};
  return {StatusCode::kFailedPrecondition, "the module cache " + folder_.string() + " can not be written: " + std::strerror(errno)};
}

Status ModuleCacheEntry::commit() {
  std::ostringstream lines;
  for (const std::string& header : prerequisites(read_file(temporary_dependencies()).value_or(""))) {
    if (fs::path(header) == source_) continue;
    std::error_code error;
    const fs::path relative = fs::relative(header, source_.parent_path(), error);
    lines << hash_of(header) << ' ' << (error ? header : relative.string()) << '\n';
  }
  std::error_code error;
  {
    std::ofstream out(temporary_dependencies(), std::ios::binary | std::ios::trunc);
    out << lines.str();
    if (!out.flush()) error = std::make_error_code(std::errc::io_error);
  }
  // The list first: with an old list beside a new object, a changed header would pass unseen.
  if (!error) fs::rename(temporary_dependencies(), file(".headers"), error);
  if (!error) fs::rename(temporary(), shared_object_, error);
  if (!error) return {};
  discard();
  return {StatusCode::kFailedPrecondition,
          "the compiled module " + shared_object_.string() + " can not be written: " + error.message()};
}

void ModuleCacheEntry::discard() {
  std::error_code error;
  fs::remove(temporary(), error);
  fs::remove(temporary_dependencies(), error);
}

}  // namespace jina
