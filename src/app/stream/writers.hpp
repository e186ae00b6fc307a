// ChunkWriter and EventWriter over a BodyPipe.
//
// Thread: one I/O thread. Lifetime: head and pipe outlive them. Cancellation: as BodyPipe::write.
#pragma once
#include <string>
#include <string_view>

#include "app/stream/body_pipe.hpp"
#include "jina/http.hpp"

namespace jina::app {

class PipeChunkWriter final : public ChunkWriter {
 public:
  /// `head`: the response that will be answered; its status and headers are settled by the first chunk.
  PipeChunkWriter(HttpResponse& head, BodyPipe& pipe);
  void set_status(int status) override;
  void set_header(std::string_view name, std::string value) override;
  Task<bool> write(std::string chunk) override;

 private:
  void check_open(std::string_view function) const;
  HttpResponse& head_;
  BodyPipe& pipe_;
  bool written_ = false;
};

class PipeEventWriter final : public EventWriter {
 public:
  PipeEventWriter(HttpResponse& head, BodyPipe& pipe, const HttpRequest& request);
  Task<bool> send(std::string event, std::string data, std::string id) override;
  const std::string& last_event_id() const noexcept override { return last_event_id_; }

  /// What goes over the wire while there are no events.
  static constexpr std::string_view kComment = ": ping\n\n";

 private:
  BodyPipe& pipe_;
  std::string last_event_id_;
};

/// One event as text/event-stream has it. Throws std::invalid_argument when `event` or `id` can not be said in it.
std::string event_text(std::string_view event, std::string_view data, std::string_view id, std::string_view line_end = "\n");

}  // namespace jina::app
