#include "app/stream/document_events.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/serialize.hpp>
#include <optional>
#include <utility>

#include "app/responses.hpp"
#include "app/stream/writers.hpp"

namespace jina::app {
namespace {

constexpr auto kWait = boost::asio::as_tuple(boost::asio::use_awaitable);
constexpr std::string_view kLineEnd = "\r\n";  // Jina's client counts on it
constexpr std::string_view kPing = ": ping\r\n\r\n";

class DocumentEvents final : public http::BodySource {
 public:
  DocumentEvents(RequestContext& context, const boost::asio::any_io_executor& executor, std::shared_ptr<DocumentFeed> feed,
                 EventTimes times)
      : slot_(std::make_shared<Slot>(executor)), feed_(std::move(feed)), times_(times) {
    cancelled_ = context.on_cancel([this](CancelReason reason) {
      cut_ = reason != CancelReason::kClient;
      stop();
    });
  }
  ~DocumentEvents() override { stop(); }

  /// Waits for the first item, or until it is time for the head; the failure when it is one.
  Task<const DocumentFeed::Failure*> first() {
    Task<void> waiting = wait(times_.first);
    co_await std::move(waiting);
    co_return slot_->item ? std::get_if<DocumentFeed::Failure>(&*slot_->item) : nullptr;
  }

  Task<std::optional<Buffer>> next() override {
    if (ended_) co_return std::nullopt;
    Task<void> waiting = wait(times_.silence);
    co_await std::move(waiting);
    if (cut_) throw http::BodyCut();  // the server's doing: it must not look like the whole
    if (stopped_) co_return std::nullopt;
    if (!slot_->item) co_return Buffer(Bytes::of_static(kPing));
    const DocumentFeed::Item item = *std::exchange(slot_->item, std::nullopt);
    const auto* document = std::get_if<std::string>(&item);
    ended_ = document == nullptr;
    if (document != nullptr) co_return event("update", *document);
    if (const auto* failure = std::get_if<DocumentFeed::Failure>(&item))
      co_return event("error",
                      boost::json::serialize(boost::json::object{{"detail", failure->detail}, {"status", failure->status}}));
    co_return end();
  }

 private:
  // What the feed gives; it may come between two calls of next(), and after all of them.
  struct Slot {
    explicit Slot(const boost::asio::any_io_executor& executor) : changed(executor) {}
    boost::asio::steady_timer changed;
    std::optional<DocumentFeed::Item> item{};
    bool asked = false;
  };

  Task<void> wait(std::chrono::milliseconds silence) {
    if (!slot_->item && !slot_->asked && !stopped_) ask();
    if (slot_->item || stopped_) co_return;
    slot_->changed.expires_after(silence);
    const auto [error] = co_await slot_->changed.async_wait(kWait);
    // Cut short by the server, not by the feed.
    if (error && !slot_->item && !stopped_) throw http::BodyCut();
  }

  void ask() {
    slot_->asked = true;
    feed_->next([slot = slot_](DocumentFeed::Item item) {
      slot->asked = false;
      slot->item = std::move(item);
      slot->changed.cancel();
    });
  }

  void stop() {
    if (std::exchange(stopped_, true)) return;
    slot_->changed.cancel();
    feed_->abandon();  // at its end too: what it still has to do with the request ends before the request
  }

  static Buffer event(std::string_view name, std::string_view data) { return Buffer::take(event_text(name, data, {}, kLineEnd)); }
  // event_text() gives every event data; Jina's last one has none.
  static Buffer end() { return Buffer(Bytes::of_static("event: end\r\n\r\n")); }

  std::shared_ptr<Slot> slot_;
  std::shared_ptr<DocumentFeed> feed_;
  const EventTimes times_;
  bool ended_ = false;
  bool stopped_ = false;
  bool cut_ = false;
  RequestContext::Registration cancelled_;  // last: it uses the others
};

}  // namespace

Task<http::Response> answer_with_events(RequestContext& context, std::shared_ptr<DocumentFeed> feed, EventTimes times) {
  const boost::asio::any_io_executor executor = co_await boost::asio::this_coro::executor;
  const auto events = std::make_shared<DocumentEvents>(context, executor, std::move(feed), times);
  Task<const DocumentFeed::Failure*> first = events->first();
  const DocumentFeed::Failure* failure = co_await std::move(first);
  if (failure != nullptr) co_return detail_response(failure->status, failure->detail);
  http::Response response;
  response.headers = {
      {"content-type", "text/event-stream; charset=utf-8"}, {"cache-control", "no-cache"}, {"x-accel-buffering", "no"}};
  response.stream = events;
  co_return response;
}

}  // namespace jina::app
