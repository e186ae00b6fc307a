#include "app/stream/writers.hpp"

#include <stdexcept>

namespace jina::app {
namespace {

void check_line(std::string_view what, std::string_view text) {
  if (text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos)
    throw std::invalid_argument("EventWriter::send: the " + std::string(what) + " of an event is one line, without zero bytes");
}

}  // namespace

PipeChunkWriter::PipeChunkWriter(HttpResponse& head, BodyPipe& pipe) : head_(head), pipe_(pipe) {
  head_.set_header("content-type", "application/octet-stream");
}

void PipeChunkWriter::check_open(std::string_view function) const {
  if (written_) throw std::logic_error("ChunkWriter::" + std::string(function) + ": the head is out with the first chunk");
}

void PipeChunkWriter::set_status(int status) {
  check_open("set_status");
  head_.status = status;
}

void PipeChunkWriter::set_header(std::string_view name, std::string value) {
  check_open("set_header");
  head_.set_header(name, std::move(value));
}

Task<bool> PipeChunkWriter::write(std::string chunk) {
  written_ = written_ || !chunk.empty();
  return pipe_.write(std::move(chunk));
}

PipeEventWriter::PipeEventWriter(HttpResponse& head, BodyPipe& pipe, const HttpRequest& request)
    : pipe_(pipe), last_event_id_(request.header("last-event-id")) {
  head.set_header("content-type", "text/event-stream; charset=utf-8");
  head.set_header("cache-control", "no-store");
  head.set_header("x-accel-buffering", "no");  // nginx would collect events before it passes them on
}

Task<bool> PipeEventWriter::send(std::string event, std::string data, std::string id) {
  return pipe_.write(event_text(event, data, id));
}

std::string event_text(std::string_view event, std::string_view data, std::string_view id, std::string_view line_end) {
  check_line("name", event);
  check_line("id", id);
  std::string text;
  text.reserve(event.size() + data.size() + id.size() + 32);
  if (!id.empty()) text.append("id: ").append(id).append(line_end);
  if (!event.empty()) text.append("event: ").append(event).append(line_end);
  // A line of data ends with CR, LF or both to a client: each of them begins a new field.
  for (;;) {
    const std::size_t end = data.find_first_of("\r\n");
    text.append("data: ").append(data.substr(0, end)).append(line_end);
    if (end == std::string_view::npos) break;
    data.remove_prefix(end + (data.substr(end).starts_with("\r\n") ? 2 : 1));
  }
  return text.append(line_end);
}

}  // namespace jina::app
