// FileBody: a part of a file as a body, read while it is sent.
//
// What is in the page cache is read where it is wanted, on the I/O thread: that is a copy of memory. What is not would make all
// requests of the thread wait for the disk, so it is read by a worker thread; and only in pieces, so that a large file takes the
// memory of one piece, however slow its client is.
//
// Thread: one I/O thread, and a worker while next() is awaited. Lifetime: owns the file. Cancellation: a read that was begun ends.
#pragma once
#include <cstdint>
#include <memory>

#include "app/files/open_file.hpp"
#include "jina/http.hpp"

namespace jina::app {

class WorkerPool;

class FileBody final : public BodyStream {
 public:
  FileBody(OpenFile file, std::uint64_t offset, std::uint64_t size) : file_(std::move(file)), at_(offset), left_(size) {}
  Task<std::optional<Bytes>> next() override;
  /// Without one all is read on the I/O thread.
  void read_on(std::shared_ptr<WorkerPool> workers) { workers_ = std::move(workers); }

  static constexpr std::size_t kPiece = 256 * 1024;

 private:
  OpenFile file_;
  std::uint64_t at_;
  std::uint64_t left_;
  std::shared_ptr<WorkerPool> workers_;
};

}  // namespace jina::app
