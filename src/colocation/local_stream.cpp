#include "colocation/local_stream.hpp"

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <limits>
#include <utility>

namespace jina::colocation {
namespace {

class StreamBridge final : public protocol::RequestStream, public std::enable_shared_from_this<StreamBridge> {
 public:
  StreamBridge(boost::asio::io_context& io, boost::asio::io_context& there, std::shared_ptr<protocol::RequestStream> stream)
      : io_(io), there_(there), work_(io.get_executor()), stream_(std::move(stream)) {}

  // On the caller's thread.
  void start(LocalHosts::Deployment& deployment, RequestContext& caller, Buffer request) {
    context_.deadline = caller.deadline;
    context_.trace = caller.trace;
    caller_cancelled_ = caller.on_cancel([this](CancelReason reason) {
      gone_ = true;
      boost::asio::post(there_, [self = shared_from_this(), reason] { self->context_.cancel(reason); });
    });
    boost::asio::post(there_, [self = shared_from_this(), &deployment, request = std::move(request)]() mutable {
      deployment.pick().handler->stream_doc(self->context_, std::move(request), self);
    });
  }

  // On the hosts' thread.
  void read(UniqueFunction<void(std::optional<Buffer>)> on_next) override { on_next(std::nullopt); }
  bool write(Buffer message) override {
    boost::asio::post(io_, [self = shared_from_this(), message = std::move(message)]() mutable {
      if (!self->stream_->write(std::move(message))) self->gone_ = true;
    });
    return !gone_;
  }
  // Not known on this thread: the writer asks after each Document whether there is room.
  std::size_t queued_bytes() const override { return std::numeric_limits<std::size_t>::max(); }
  void when_writable(UniqueFunction<void()> on_writable) override {
    boost::asio::post(io_, [self = shared_from_this(), on_writable = std::move(on_writable)]() mutable {
      self->stream_->when_writable(
          [self, on_writable = std::move(on_writable)]() mutable { boost::asio::post(self->there_, std::move(on_writable)); });
    });
  }
  void finish(Status status, Metadata trailing) override {
    boost::asio::post(io_, [self = shared_from_this(), status = std::move(status), trailing = std::move(trailing)]() mutable {
      self->caller_cancelled_.reset();
      // It goes on its own thread, however long this object is still held on the other one.
      const auto stream = std::move(self->stream_);
      stream->finish(std::move(status), std::move(trailing));
      self->work_.reset();
    });
  }

 private:
  boost::asio::io_context& io_;
  boost::asio::io_context& there_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  std::shared_ptr<protocol::RequestStream> stream_;
  RequestContext context_;  // of the hosts' thread
  RequestContext::Registration caller_cancelled_;
  std::atomic<bool> gone_{false};
};

}  // namespace

void stream_from_other_thread(boost::asio::io_context& io, LocalHosts& hosts, LocalHosts::Deployment& deployment,
                              RequestContext& context, Buffer request, std::shared_ptr<protocol::RequestStream> stream) {
  std::make_shared<StreamBridge>(io, hosts.io(), std::move(stream))->start(deployment, context, std::move(request));
}

}  // namespace jina::colocation
