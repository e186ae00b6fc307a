#include "module/module_compiler.hpp"

#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "jina/version.hpp"
#include "module/subprocess.hpp"

namespace jina {
namespace {

namespace fs = std::filesystem;

std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

class Hash {
 public:
  Hash() : context_(EVP_MD_CTX_new()) { EVP_DigestInit_ex(context_, EVP_sha256(), nullptr); }
  ~Hash() { EVP_MD_CTX_free(context_); }
  Hash(const Hash&) = delete;
  Hash& operator=(const Hash&) = delete;
  void add(const std::string& part) {
    const std::string size = std::to_string(part.size()) + ":";  // so that parts can not run into each other
    EVP_DigestUpdate(context_, size.data(), size.size());
    EVP_DigestUpdate(context_, part.data(), part.size());
  }
  std::string hex() {
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    EVP_DigestFinal_ex(context_, digest, &size);
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string out;
    for (unsigned i = 0; i < size && i < 16; ++i) out += {kDigits[digest[i] >> 4], kDigits[digest[i] & 15]};
    return out;
  }

 private:
  EVP_MD_CTX* context_;
};

// The folder that holds jina/executor.hpp: beside the installed program, else that of the source tree it was built from.
fs::path include_folder() {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  const fs::path installed = program.parent_path().parent_path() / "include";
  if (!error && fs::exists(installed / "jina" / "executor.hpp", error)) return installed;
  return JINA_SOURCE_INCLUDE;
}

fs::path default_cache() {
  if (const char* cache = std::getenv("XDG_CACHE_HOME"); cache != nullptr && *cache != '\0') return fs::path(cache) / "jina" / "modules";
  const char* home = std::getenv("HOME");
  return fs::path(home != nullptr && *home != '\0' ? home : "/tmp") / ".cache" / "jina" / "modules";
}

std::vector<std::string> split(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

// Keeps other processes from compiling the same module at the same time.
class FileLock {
 public:
  explicit FileLock(const fs::path& path) : fd_(open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600)) {
    if (fd_ >= 0) flock(fd_, LOCK_EX);
  }
  ~FileLock() {
    if (fd_ >= 0) close(fd_);
  }
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

 private:
  int fd_;
};

}  // namespace

Result<fs::path> compile_module(const fs::path& source, const ModuleOptions& options) {
  const char* chosen = std::getenv("CXX");
  const std::string compiler = chosen != nullptr && *chosen != '\0' ? chosen : "g++";
  const fs::path include = include_folder();
  std::vector<std::string> command = {compiler, "-std=c++20", "-O2", "-fPIC", "-shared", "-fvisibility-inlines-hidden", "-pthread",
                                      "-DBOOST_ASIO_NO_DEPRECATED", "-DBOOST_ASIO_DISABLE_BOOST_ARRAY", "-DBOOST_ASIO_DISABLE_BOOST_BIND",
                                      "-I" + include.string()};
  command.insert(command.end(), options.flags.begin(), options.flags.end());
  std::vector<std::string> libraries;
  if (!options.packages.empty()) {
    std::vector<std::string> ask = {"pkg-config", "--cflags", "--libs"};
    ask.insert(ask.end(), options.packages.begin(), options.packages.end());
    const CommandResult answer = run_command(ask);
    if (answer.exit_code != 0)
      return Status{StatusCode::kFailedPrecondition, "module " + source.string() + ": pkg-config does not know its packages:\n" + answer.output};
    libraries = split(answer.output);
  }

  const CommandResult version = run_command({compiler, "--version"});
  if (version.exit_code != 0)
    return Status{StatusCode::kFailedPrecondition, "module " + source.string() + " needs a compiler, and '" + compiler +
                                                       "' does not run (" + version.output + "). Install g++ or set CXX"};
  Hash hash;
  hash.add(JINA_VERSION);
  hash.add(version.output);
  for (const std::string& word : command) hash.add(word);
  for (const std::string& word : libraries) hash.add(word);
  hash.add(read_file(source));
  std::vector<fs::path> headers;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(include / "jina", error)) headers.push_back(entry.path());
  std::sort(headers.begin(), headers.end());
  for (const fs::path& header : headers) hash.add(read_file(header));

  const fs::path cache = options.cache.empty() ? default_cache() : options.cache;
  fs::create_directories(cache, error);
  if (error) return Status{StatusCode::kFailedPrecondition, "cannot make the module cache " + cache.string() + ": " + error.message()};
  const std::string name = source.stem().string() + "-" + hash.hex();
  const fs::path target = cache / (name + ".so");
  if (fs::exists(target, error)) return target;
  const FileLock lock(cache / (name + ".lock"));
  if (fs::exists(target, error)) return target;  // another process made it meanwhile

  if (options.on_progress) options.on_progress("compiling " + source.filename().string());
  const fs::path temporary = cache / (name + "." + std::to_string(getpid()) + ".tmp");
  command.insert(command.end(), {"-o", temporary.string(), source.string()});
  command.insert(command.end(), libraries.begin(), libraries.end());
  const CommandResult result = run_command(command);
  if (result.exit_code != 0) {
    fs::remove(temporary, error);
    return Status{StatusCode::kFailedPrecondition, "module " + source.string() + " does not compile:\n" + result.output};
  }
  fs::rename(temporary, target, error);
  if (error) return Status{StatusCode::kFailedPrecondition, "cannot write " + target.string() + ": " + error.message()};
  return target;
}

}  // namespace jina
