#include "executor/document_answer.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <utility>

#include "base/await_callback.hpp"
#include "document/document_codec.hpp"
#include "document/struct_codec.hpp"

namespace jina {
namespace {

constexpr std::size_t kMostQueuedBytes = 64 * 1024;

class DocumentAnswer {
 public:
  DocumentAnswer(ExecutorHost& host, RequestContext& context, wire::DataRequest request,
                 std::shared_ptr<protocol::RequestStream> stream)
      : host_(host), context_(context), request_(std::move(request)), stream_(std::move(stream)) {}

  static void start(const std::shared_ptr<DocumentAnswer>& self, const Endpoint& endpoint, std::string_view span_name,
                    UniqueFunction<void(bool failed)> ended) {
    Document doc = Document::blank();
    Parameters parameters;
    if (Status status = self->decode(doc, parameters); !status.ok()) {
      if (ended) ended(true);
      return self->stream_->finish(std::move(status), {});
    }
    self->call_ = self->host_.stream(self->context_, endpoint, std::move(doc), std::move(parameters), span_name, std::move(ended));
    self->registration_ = self->context_.on_cancel([weak = std::weak_ptr<DocumentAnswer>(self)](CancelReason) {
      if (const auto answer = weak.lock()) answer->cancel_.emit(boost::asio::cancellation_type::terminal);
    });
    boost::asio::co_spawn(self->host_.io(), run(self),
                          boost::asio::bind_cancellation_slot(self->cancel_.slot(), [self](const std::exception_ptr&) {}));
  }

 private:
  Status decode(Document& doc, Parameters& parameters) {
    if (request_.data) {
      Result<Document> decoded = decode_document(request_.data->flatten());
      if (!decoded) return std::move(decoded).error();
      doc = std::move(*decoded);
    }
    if (request_.parameters) {
      Result<Parameters> decoded = decode_struct(request_.parameters->view());
      if (!decoded) return std::move(decoded).error();
      parameters = std::move(*decoded);
    }
    Result<wire::HeaderView> header = wire::parse_header(request_.header.view());
    if (!header) return std::move(header).error();
    wire::HeaderFields fields{};
    fields.request_id = header->request_id;
    item_header_ = Bytes::take(wire::encode_header(fields));
    return {};
  }

  static Task<void> run(std::shared_ptr<DocumentAnswer> self) {
    std::exception_ptr thrown;
    try {
      co_await self->write_items();
    } catch (...) {
      thrown = std::current_exception();
    }
    self->end(thrown);
  }

  Task<void> write_items() {
    const auto when_writable = [this](UniqueFunction<void(bool)> done) {
      stream_->when_writable([done = std::move(done)]() mutable { done(true); });
    };
    for (;;) {
      std::optional<Document> doc = co_await call_->next();
      if (!doc || !write(*doc)) co_return;
      if (stream_->queued_bytes() > kMostQueuedBytes) co_await await_callback<bool>(when_writable);
      if (context_.cancelled()) co_return;
    }
  }

  bool write(const Document& doc) {
    wire::DataRequest item;
    item.header = item_header_;
    item.has_header = true;
    item.data = encode_document(doc);
    return stream_->write(item.serialize());
  }

  void end(const std::exception_ptr& thrown) {
    const bool cancelled = context_.cancelled();
    if (thrown) {
      const EndpointFailure failure = host_.failure_of(thrown, !cancelled);
      if (!cancelled) {
        wire::set_status(request_, failure.encode(host_.names().class_name));
        stream_->write(request_.serialize());
      }
    }
    call_.reset();
    registration_.reset();
    Status status;
    if (cancelled) status = {StatusCode::kCancelled, "the client is gone"};
    stream_->finish(std::move(status), {});
  }

  ExecutorHost& host_;
  RequestContext& context_;
  wire::DataRequest request_;
  std::shared_ptr<protocol::RequestStream> stream_;
  Bytes item_header_;
  std::unique_ptr<StreamedCall> call_;
  boost::asio::cancellation_signal cancel_;
  RequestContext::Registration registration_;
};

}  // namespace

void answer_document(ExecutorHost& host, RequestContext& context, const Endpoint& endpoint, std::string_view span_name,
                     wire::DataRequest request, std::shared_ptr<protocol::RequestStream> stream,
                     UniqueFunction<void(bool failed)> ended) {
  DocumentAnswer::start(std::make_shared<DocumentAnswer>(host, context, std::move(request), std::move(stream)), endpoint, span_name,
                        std::move(ended));
}

}  // namespace jina
