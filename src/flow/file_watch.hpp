// FileWatch: tells when files change, by inotify: nothing runs while nothing changes.
//
// It watches their folders, so that editors that write a new file and move it into place are seen too; headers beside a C++ source
// count as part of it. Several changes within a moment are told once.
//
// Thread: one I/O thread. Lifetime: while it waits, on_change may run. Cancellation: destruction.
#pragma once
#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "jina/status.hpp"

namespace jina::flow {

class FileWatch {
 public:
  /// `on_change` gets the path of the first that changed.
  FileWatch(boost::asio::io_context& io, std::function<void(const std::filesystem::path&)> on_change);
  FileWatch(const FileWatch&) = delete;
  FileWatch& operator=(const FileWatch&) = delete;

  /// Folders that can not be watched are an error; files that are not there yet are none.
  Status watch(const std::vector<std::filesystem::path>& files);

 private:
  void read();
  void take(const std::filesystem::path& file);

  std::function<void(const std::filesystem::path&)> on_change_;
  boost::asio::posix::stream_descriptor descriptor_;
  boost::asio::steady_timer quiet_;
  std::map<int, std::filesystem::path> folders_{};
  std::set<std::filesystem::path> files_{};
  std::set<std::filesystem::path> source_folders_{};
  std::filesystem::path changed_{};
  alignas(8) std::array<char, 4096> events_{};
};

}  // namespace jina::flow
