#include "executor/http/document_events.hpp"

#include <spdlog/spdlog.h>

#include <boost/json/serialize.hpp>
#include <utility>

#include "document/json/executor_request.hpp"

namespace jina {
namespace {

class DocumentEvents final : public http::BodySource {
 public:
  DocumentEvents(ExecutorHost& host, RequestContext& context, std::unique_ptr<StreamedCall> call)
      : host_(host), context_(context), call_(std::move(call)) {
    cancelled_ = context.on_cancel([this](CancelReason) { call_->cancel(); });
  }

  Task<std::optional<Buffer>> next() override {
    if (ended_ || context_.cancelled()) co_return std::nullopt;
    std::exception_ptr thrown;
    std::optional<Document> doc;
    try {
      doc = co_await call_->next();
    } catch (...) {
      thrown = std::current_exception();
    }
    co_return thrown ? failed(thrown) : doc ? update(*doc) : end();
  }

 private:
  // Jina's client counts on these line ends.
  static Buffer event(std::string_view name, std::string_view data) {
    std::string text = "event: ";
    text.append(name).append("\r\n");
    if (!data.empty()) text.append("data: ").append(data).append("\r\n");
    return Buffer::take(std::move(text += "\r\n"));
  }

  std::optional<Buffer> end() {
    ended_ = true;
    return event("end", {});
  }

  std::optional<Buffer> update(const Document& doc) {
    Result<std::string> text = write_document_json(doc);
    if (text) return event("update", *text);
    spdlog::error("{}: {}", host_.names().pod, text.error().message);
    return error(text.error().message);
  }

  std::optional<Buffer> failed(const std::exception_ptr& thrown) {
    const bool wanted = !context_.cancelled();
    const EndpointFailure failure = host_.failure_of(thrown, wanted);
    if (wanted) return error(failure.description);
    ended_ = true;
    return std::nullopt;
  }

  std::optional<Buffer> error(std::string_view detail) {
    ended_ = true;
    return event("error", boost::json::serialize(boost::json::value{{"detail", detail}}));
  }

  ExecutorHost& host_;
  RequestContext& context_;
  std::unique_ptr<StreamedCall> call_;
  RequestContext::Registration cancelled_;  // after call_, which it refers to
  bool ended_ = false;
};

}  // namespace

http::Response stream_documents(ExecutorHost& host, RequestContext& context, std::unique_ptr<StreamedCall> call) {
  http::Response response;
  response.headers = {
      {"content-type", "text/event-stream; charset=utf-8"}, {"cache-control", "no-cache"}, {"x-accel-buffering", "no"}};
  response.stream = std::make_shared<DocumentEvents>(host, context, std::move(call));
  return response;
}

}  // namespace jina
