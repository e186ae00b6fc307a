// HttpClient: HTTP/1.1 requests to one target, one after the other over a connection that is kept.
//
// Thread: one I/O thread. Lifetime: await every request before destruction. Cancellation: Asio's; the connection is dropped then.
#pragma once
#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "client/target.hpp"
#include "jina/request_context.hpp"
#include "jina/status.hpp"
#include "jina/task.hpp"

namespace jina::client {

struct HttpRequest {
  std::string method = "GET";
  std::string path = "/";
  std::string body{};  ///< sent as application/json when not empty
  Metadata headers{};
};

struct HttpResponse {
  int status = 0;
  Metadata headers{};
  std::string body{};
};

class HttpClient {
 public:
  explicit HttpClient(Target target);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  /// Any status is a response; an error means that none came.
  Task<Result<HttpResponse>> send(HttpRequest request, std::optional<std::chrono::milliseconds> limit = {});

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace jina::client
