// DocumentFile: Documents on disk, for Executors that keep what they are given.
//
//   jina::DocumentFile file(workspace() / "documents.bin");
//   jina::DocumentArray docs = file.load();         // empty the first time
//   file.append(new_docs);                          // on disk when it returns
//
// The file is one encoded docarray.DocumentArrayProto (wire: field 1, repeated DocumentProto), so what is appended belongs to it,
// and Python reads it: DocumentArray.load_binary(path, protocol='protobuf-array').
//
// Thread: any, one at a time; one writer per file. Lifetime: holds a path, no open file between the calls; what load() gives shares
// the memory of one copy of the file. Cancellation: none: the calls block, so make them in plain endpoints, not in coroutines.
// Errors: std::system_error with the path when the disk refuses, std::invalid_argument with path and offset for a file that is none
// of these.
#pragma once
#include <filesystem>

#include "jina/document.hpp"

namespace jina {

class DocumentFile {
 public:
  /// Nothing is read or written yet; the folder is made by the first write.
  explicit DocumentFile(std::filesystem::path path) : path_(std::move(path)) {}

  /// Every Document, in the order of the file; none when there is no file. A last one that was cut short, because the process ended
  /// while it was written, is taken off the file and kept in one beside it, with ".cut" at its name (see cut_bytes).
  DocumentArray load();
  /// Writes behind what is there and waits until the disk has it.
  void append(const DocumentArray& docs);
  /// Puts `docs` in the place of all that is there: readers see the old file or the new one.
  void replace(const DocumentArray& docs);

  const std::filesystem::path& path() const noexcept { return path_; }
  /// What the last load() took off the end, in bytes.
  std::uintmax_t cut_bytes() const noexcept { return cut_bytes_; }

 private:
  std::filesystem::path path_;
  std::uintmax_t cut_bytes_ = 0;
};

}  // namespace jina
