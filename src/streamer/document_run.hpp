// DocumentRun: the answers of a generator endpoint (stream_doc) for a ResponseStream. It is the stream that the relay, or an
// Executor of this process, writes to: it asks them to wait while a few answers are unread.
//
// Thread: one I/O thread. Lifetime: shared with the relay. Cancellation: abandon(), and the context of the request it is done for.
#pragma once
#include <deque>
#include <memory>

#include "jina/document.hpp"
#include "jina/streamer.hpp"
#include "protocol/request_handler.hpp"
#include "streamer/answer_source.hpp"
#include "streamer/caller_context.hpp"

namespace jina::streamer {

class DocumentRun final : public AnswerSource, public protocol::RequestStream, public std::enable_shared_from_this<DocumentRun> {
 public:
  DocumentRun(RequestContext* caller, std::optional<std::chrono::milliseconds> timeout, const TraceContext& trace = {})
      : context_(caller, timeout, trace) {}

  RequestContext& context() noexcept { return context_.get(); }

  void next(UniqueFunction<void(Answer)> done) override;
  void abandon() override;

  // What the writer calls.
  void read(UniqueFunction<void(std::optional<Buffer>)> on_next) override { on_next(std::nullopt); }
  bool write(Buffer message) override;
  std::size_t queued_bytes() const override;
  void when_writable(UniqueFunction<void()> on_writable) override;
  void finish(Status status, Metadata trailing) override;

 private:
  void hand_out();
  void go_on();

  CallerContext context_;
  std::deque<Answer> ready_;
  UniqueFunction<void(Answer)> waiting_;
  UniqueFunction<void()> writable_;
  bool finished_ = false;
};

/// A SingleDocumentRequestProto. `routes` are its encoded routes, "" for none.
Buffer encode_document_request(const Document& doc, const StreamOptions& options, std::string routes);

}  // namespace jina::streamer
