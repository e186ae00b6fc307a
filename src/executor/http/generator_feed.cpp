#include "executor/http/generator_feed.hpp"

#include <spdlog/spdlog.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <utility>

#include "document/json/executor_request.hpp"

namespace jina {
namespace {

class GeneratorFeed final : public app::DocumentFeed, public std::enable_shared_from_this<GeneratorFeed> {
 public:
  GeneratorFeed(ExecutorHost& host, RequestContext& context, const Endpoint& endpoint, Document doc, std::string_view span_name)
      : host_(host), context_(context), call_(host.stream(context_.get(), endpoint, std::move(doc), {}, span_name)) {}

  void next(UniqueFunction<void(Item)> done) override {
    running_ = true;
    boost::asio::co_spawn(host_.io(), run(shared_from_this(), std::move(done)), boost::asio::detached);
  }

  void abandon() override {
    context_.leave_parent();
    if (!call_) return;
    const auto self = shared_from_this();
    context_.get().cancel(CancelReason::kClient);
    if (!running_) return call_.reset();
    call_->cancel();
  }

 private:
  static Task<void> run(std::shared_ptr<GeneratorFeed> self, UniqueFunction<void(Item)> done) {
    if (self->context_.get().cancelled()) co_return self->call_.reset();
    std::exception_ptr thrown;
    std::optional<Document> doc;
    try {
      Task<std::optional<Document>> next = self->call_->next();
      doc = co_await std::move(next);
    } catch (...) {
      thrown = std::current_exception();
    }
    self->running_ = false;
    const bool wanted = !self->context_.get().cancelled();
    Item item = thrown ? self->failed(thrown, wanted) : doc ? self->document(*doc) : Item(End{});
    if (!wanted || !std::holds_alternative<std::string>(item)) self->call_.reset();
    if (wanted) done(std::move(item));
  }

  Item document(const Document& doc) const {
    Result<std::string> text = write_document_json(doc);
    if (text) return std::move(*text);
    spdlog::error("{}: {}", host_.names().pod, text.error().message);
    return Failure{500, text.error().message};
  }

  Item failed(const std::exception_ptr& thrown, bool wanted) {
    return Failure{app::kExecutorRaised, host_.failure_of(thrown, wanted).description};
  }

  ExecutorHost& host_;
  ChildContext context_;
  std::unique_ptr<StreamedCall> call_;
  bool running_ = false;
};

}  // namespace

std::shared_ptr<app::DocumentFeed> generator_feed(ExecutorHost& host, RequestContext& context, const Endpoint& endpoint,
                                                  Document doc, std::string_view span_name) {
  return std::make_shared<GeneratorFeed>(host, context, endpoint, std::move(doc), span_name);
}

}  // namespace jina
