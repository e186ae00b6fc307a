// A file as an answer: its headers, conditions (304), ranges (206, 416), and its content.
//
// Thread: free functions; they open files and read what is in memory already. Content that is not is read piece by piece while it
// is sent, on a worker thread. Lifetime: the answer owns the open file. Cancellation: none.
#pragma once
#include <memory>
#include <string>

#include "app/files/open_file.hpp"
#include "jina/http.hpp"

namespace jina::app {

class WorkerPool;

struct FileFacts {
  std::string media_type{};
  std::string download_name{};
  std::string cache_control{};
};

/// `response` has the status of an answer with the whole file. Headers that it has already stay.
void put_open_file(HttpResponse& response, const HttpRequest& request, OpenFile file, const FileFacts& facts);

/// "text/html; charset=utf-8" for "a.html", "application/octet-stream" for what is not known.
std::string media_type_of(const std::string& name);

/// Lets the file of an answer, if it has one, wait for the disk on these threads.
void read_on(const HttpResponse& response, std::shared_ptr<WorkerPool> workers);

}  // namespace jina::app
