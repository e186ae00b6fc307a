#include "connection_pool/document_relay.hpp"

namespace jina {
namespace {

class DocumentRelay : public std::enable_shared_from_this<DocumentRelay> {
 public:
  DocumentRelay(ConnectionPool& pool, RequestContext& context, std::string deployment, std::string endpoint, Buffer request,
                std::shared_ptr<protocol::RequestStream> stream)
      : pool_(pool),
        context_(context),
        deployment_(std::move(deployment)),
        endpoint_(std::move(endpoint)),
        request_(std::move(request)),
        stream_(std::move(stream)),
        left_(pool.tries(deployment_)) {}

  void start() {
    cancel_ = context_.on_cancel([weak = weak_from_this()](CancelReason) {
      const auto self = weak.lock();
      if (self && self->upstream_) self->upstream_->cancel();
    });
    next_try();
  }

 private:
  void next_try() {
    --left_;
    upstream_ = pool_.open(context_, deployment_, endpoint_, "/jina.JinaSingleDocumentRequestRPC/stream_doc", tried_);
    if (!upstream_) return finish({StatusCode::kUnavailable, "there is no address for deployment '" + deployment_ + "'"});
    upstream_->write(request_);
    upstream_->writes_done();
    read();
  }

  void read() {
    upstream_->read([self = shared_from_this()](std::optional<Buffer> message) {
      if (!message) return self->ended();
      self->delivered_ = true;
      self->stream_->write(std::move(*message));
      self->stream_->when_writable([self] { self->read(); });
    });
  }

  void ended() {
    const Status status = upstream_->status();
    if (status.ok()) return finish({});
    // What was delivered can not be taken back: only a try without any answer is repeated.
    if (!delivered_ && left_ > 0 && status.code == StatusCode::kUnavailable && !context_.cancelled()) return next_try();
    finish(context_.cancelled() ? status : pool_.explain(status, deployment_, tried_));
  }

  void finish(Status status) {
    cancel_.reset();
    stream_->finish(std::move(status), {});
  }

  ConnectionPool& pool_;
  RequestContext& context_;
  std::string deployment_;
  std::string endpoint_;
  Buffer request_;
  std::shared_ptr<protocol::RequestStream> stream_;
  std::shared_ptr<grpc::ClientStream> upstream_;
  TriedReplicas tried_;
  int left_;
  bool delivered_ = false;
  RequestContext::Registration cancel_;  // last: the stream may keep the context
};

}  // namespace

void relay_documents(ConnectionPool& pool, RequestContext& context, std::string deployment, std::string endpoint, Buffer request,
                     std::shared_ptr<protocol::RequestStream> stream) {
  std::make_shared<DocumentRelay>(pool, context, std::move(deployment), std::move(endpoint), std::move(request), std::move(stream))
      ->start();
}

}  // namespace jina
