#include "app/convert.hpp"

#include <spdlog/spdlog.h>

namespace jina::app {
namespace {

class ServerBody final : public http::BodySource {
 public:
  explicit ServerBody(std::shared_ptr<BodyStream> stream) : stream_(std::move(stream)) {}
  Task<std::optional<Buffer>> next() override {
    Task<std::optional<Bytes>> task = stream_->next();
    std::optional<Bytes> piece = co_await std::move(task);
    if (!piece) co_return std::nullopt;
    co_return Buffer(std::move(*piece));
  }

 private:
  std::shared_ptr<BodyStream> stream_;
};

class UserBody final : public BodyStream {
 public:
  explicit UserBody(std::shared_ptr<http::BodySource> source) : source_(std::move(source)) {}
  Task<std::optional<Bytes>> next() override {
    Task<std::optional<Buffer>> task = source_->next();
    std::optional<Buffer> piece = co_await std::move(task);
    if (!piece) co_return std::nullopt;
    co_return piece->flatten();
  }

 private:
  std::shared_ptr<http::BodySource> source_;
};

}  // namespace

HttpRequest to_user(http::Request&& request) {
  return {.method = std::move(request.method),
          .path = std::move(request.path),
          .raw_target = std::move(request.raw_target),
          .query = std::move(request.query),
          .authority = std::move(request.authority),
          .secure = request.secure,
          .headers = std::move(request.headers),
          .body = request.body.flatten()};
}

http::Request to_server(const HttpRequest& request) {
  http::Request result;
  result.method = request.method;
  result.path = request.path;
  result.raw_target = request.raw_target;
  result.query = request.query;
  result.authority = request.authority;
  result.secure = request.secure;
  result.headers = request.headers;
  if (!request.body.empty()) result.body = request.body;
  return result;
}

http::Response to_server(HttpResponse&& response) {
  http::Response result;
  result.status = response.status;
  // After one that is not final the client would wait on, and take the next answer of the connection for this one's.
  if (response.status < 200 || response.status > 999) {
    spdlog::error("an answer has the status {}, which is not from 200 to 999; 500 is sent", response.status);
    result.status = 500;
    result.headers.emplace_back("content-type", "application/json");
    result.body = Bytes::of_static(R"({"detail":"Internal Server Error"})");
    return result;
  }
  result.headers = std::move(response.headers);
  if (response.stream) {
    result.stream = std::make_shared<ServerBody>(std::move(response.stream));
    result.stream_size = response.stream_size;
  } else if (!response.body.empty()) {
    result.body = std::move(response.body);
  }
  return result;
}

HttpResponse to_user(http::Response&& response) {
  HttpResponse result;
  result.status = response.status;
  result.headers = std::move(response.headers);
  if (response.stream) {
    result.stream = std::make_shared<UserBody>(std::move(response.stream));
    result.stream_size = response.stream_size;
  } else {
    result.body = response.body.flatten();
  }
  return result;
}

}  // namespace jina::app
