// Folder: opens files below one folder and nothing else, whatever a client writes into a path and whatever links are in the folder.
//
// Thread: constant after construction. Lifetime: files do not need it. Cancellation: none.
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "app/files/open_file.hpp"

namespace jina::app {

class Folder {
 public:
  /// Throws std::invalid_argument when there is no such folder. With `hidden` names that begin with a dot are served too.
  explicit Folder(const std::filesystem::path& path, bool hidden = false);

  struct Found {
    std::optional<OpenFile> file{};  ///< empty: there is none
    bool is_folder = false;
  };
  /// `relative`: decoded, "a/b.txt"; a slash at its end or "" means a folder. Symbolic links are followed as long as they end in
  /// the folder.
  Found find(std::string_view relative) const;

  const std::filesystem::path& path() const noexcept { return path_; }

 private:
  bool may_be_served(std::string_view relative) const noexcept;

  std::filesystem::path path_;
  std::string real_;  // without links, with a slash at its end
  bool hidden_;
};

}  // namespace jina::app
