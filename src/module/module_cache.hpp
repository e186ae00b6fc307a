// ModuleCache: one entry of the folder of compiled modules: the shared object, and the headers of its own that it was made from.
// The folder keeps the entries that were used last.
//
// Thread: plain object; processes exclude each other by lock(). Lifetime: the files stay. Cancellation: none.
#pragma once
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "jina/status.hpp"

namespace jina {

class ModuleCacheEntry {
 public:
  /// `folder` exists; `source` is the module, whose own headers are looked for relative to it.
  ModuleCacheEntry(std::filesystem::path folder, std::string name, std::filesystem::path source);
  ~ModuleCacheEntry();
  ModuleCacheEntry(const ModuleCacheEntry&) = delete;
  ModuleCacheEntry& operator=(const ModuleCacheEntry&) = delete;

  const std::filesystem::path& shared_object() const noexcept { return shared_object_; }
  /// Whether the shared object is there and every header that it was made from still has the same content. Looks into a header
  /// only when its time or size is another one.
  bool is_fresh() const;
  /// Waits until no other process works on this entry; until this object is destroyed nobody else does. `on_wait` is called when
  /// there is one, with its id (0 where that is not known).
  Status lock(const std::function<void(int)>& on_wait = [](int) {});

  /// Where the compiler writes; commit() gives the results their names, at once.
  std::filesystem::path temporary() const;
  std::filesystem::path temporary_dependencies() const;
  /// `started` is when the compiler was: what has changed since was perhaps not what it read, so the entry is good for one use
  /// only.
  Status commit(std::filesystem::file_time_type started);
  void discard();

 private:
  std::filesystem::path file(std::string_view ending) const;
  void prune() const;

  std::filesystem::path folder_;
  std::string name_;
  std::filesystem::path source_;
  std::filesystem::path shared_object_;
  int lock_fd_ = -1;
};

/// $XDG_CACHE_HOME/jina/modules, or ~/.cache/jina/modules.
Result<std::filesystem::path> default_module_cache();

}  // namespace jina
