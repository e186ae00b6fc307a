// EventParser: the bytes of a stream of server-sent events (text/event-stream), as they arrive -> the events.
//
// Thread: plain object. Lifetime: what on_event is given lives until it returns. Cancellation: none.
#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace jina::client {

class EventParser {
 public:
  /// `name` is "message" when the event has none; lines of data are joined. Returns false to stop.
  using OnEvent = std::function<bool(std::string_view name, std::string_view data)>;
  explicit EventParser(OnEvent on_event) : on_event_(std::move(on_event)) {}
  /// False when on_event had enough.
  bool take(std::string_view chunk);
  /// An event that came in another way.
  void give(std::string_view name, std::string_view data) { on_event_(name, data); }

 private:
  bool line(std::string_view text);
  OnEvent on_event_;
  std::string partial_{};
  std::string name_{};
  std::string data_{};
  bool has_data_ = false;
};

}  // namespace jina::client
