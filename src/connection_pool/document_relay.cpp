#include "connection_pool/document_relay.hpp"

#include <utility>

#include "connection_pool/tries.hpp"

namespace jina {
namespace {

class DocumentRelay final : public Tries {
 public:
  DocumentRelay(ConnectionPool& pool, ConnectionPool::Deployment& deployment, RequestContext& context, std::string endpoint,
                Buffer request, std::shared_ptr<protocol::RequestStream> stream)
      : Tries(pool, deployment, context),
        endpoint_(std::move(endpoint)),
        request_(std::move(request)),
        stream_(std::move(stream)) {}

  void start() {
    if (context_.cancelled()) return finish(cancelled_status());
    cancel_ = context_.on_cancel([this](CancelReason) {
      // The end of the stream may be the end of this object.
      const auto keep = shared_from_this();
      if (const auto upstream = upstream_) upstream->cancel();
      wake();
    });
    next_try(now());
  }

 private:
  std::shared_ptr<DocumentRelay> self() { return std::static_pointer_cast<DocumentRelay>(shared_from_this()); }

  void next_try(SteadyTime now) override {
    upstream_ = pool_.open(context_, deployment_, endpoint_, "/jina.JinaSingleDocumentRequestRPC/stream_doc", choose(now), tried_);
    upstream_->write(request_);
    upstream_->writes_done();
    read();
  }

  void read() {
    upstream_->read([self = self()](std::optional<Buffer> message) {
      if (!message) return self->ended();
      if (!std::exchange(self->delivered_, true)) {
        self->answered();
        self->leave();  // there are no more tries, and a stream may last for hours
      }
      self->stream_->write(std::move(*message));
      self->stream_->when_writable([self] { self->read(); });
    });
  }

  void ended() {
    const auto upstream = std::move(upstream_);
    const Status status = upstream->status();
    if (status.ok()) {
      answered();
      return finish({});
    }
    if (context_.cancelled()) return finish(status);
    // What was delivered can not be taken back: only a try without any answer is repeated.
    if (!delivered_ && try_again(status, upstream->safe_to_retry(), now())) return;
    finish(pool_.explain(status, deployment_.name, tried_));
  }

  void give_up() override { finish(cancelled_status()); }

  void finish(Status status) {
    cancel_.reset();
    leave();
    stream_->finish(std::move(status), {});
  }

  std::string endpoint_;
  Buffer request_;
  std::shared_ptr<protocol::RequestStream> stream_;
  std::shared_ptr<grpc::ClientStream> upstream_;
  bool delivered_ = false;
  RequestContext::Registration cancel_;  // last: the stream may keep the context
};

}  // namespace

void relay_documents(ConnectionPool& pool, RequestContext& context, std::string deployment, std::string endpoint, Buffer request,
                     std::shared_ptr<protocol::RequestStream> stream) {
  ConnectionPool::Deployment* found = pool.find(deployment);
  if (found == nullptr)
    return stream->finish({StatusCode::kUnavailable, "there is no address for deployment '" + deployment + "'"}, {});
  std::make_shared<DocumentRelay>(pool, *found, context, std::move(endpoint), std::move(request), std::move(stream))->start();
}

}  // namespace jina
