// RpcRun: both ends of an RpcStream: what user code writes is read by the RequestStreamer, whose answers user code reads. The
// streamer stops reading while answers are unread, and so the writer waits.
//
// Thread: one I/O thread. Lifetime: shared with the RequestStreamer. Cancellation: abandon(), and the context of the request it is
// done for.
#pragma once
#include <deque>
#include <memory>

#include "protocol/request_handler.hpp"
#include "streamer/caller_context.hpp"

namespace jina::streamer {

class RpcRun final : public protocol::RequestStream, public std::enable_shared_from_this<RpcRun> {
 public:
  using Answer = Result<std::optional<Bytes>>;

  /// `prefetch` 0: no limit but that of memory.
  RpcRun(RequestContext* caller, int prefetch);

  RequestContext& context() noexcept { return context_.get(); }

  // The user's end.
  /// `taken` gets false when the stream has ended.
  void send(Buffer request, UniqueFunction<void(bool)> taken);
  void writes_done();
  void next(UniqueFunction<void(Answer)> done);
  void abandon();

  // The streamer's end.
  void read(UniqueFunction<void(std::optional<Buffer>)> on_next) override;
  bool write(Buffer message) override;
  std::size_t queued_bytes() const override;
  void when_writable(UniqueFunction<void()> on_writable) override;
  void finish(Status status, Metadata trailing) override;

 private:
  bool has_room() const noexcept;
  void hand_out();

  CallerContext context_;
  const std::size_t most_unread_;
  UniqueFunction<void(std::optional<Buffer>)> reader_;
  std::optional<Buffer> request_;  // one that waits for a reader
  UniqueFunction<void(bool)> taken_;
  bool writes_done_ = false;
  std::deque<Buffer> answers_;
  std::size_t bytes_ = 0;
  UniqueFunction<void(Answer)> waiting_;
  UniqueFunction<void()> writable_;
  bool finished_ = false;
  Status status_;
};

}  // namespace jina::streamer
