#include "client/event_parser.hpp"

namespace jina::client {

bool EventParser::take(std::string_view chunk) {
  while (!chunk.empty()) {
    const auto end = chunk.find('\n');
    partial_ += chunk.substr(0, end);
    if (end == chunk.npos) return true;
    chunk.remove_prefix(end + 1);
    std::string text = std::exchange(partial_, {});
    if (!text.empty() && text.back() == '\r') text.pop_back();
    if (!line(text)) return false;
  }
  return true;
}

bool EventParser::line(std::string_view text) {
  if (text.empty()) {
    const bool any = has_data_ || !name_.empty();
    const std::string name = name_.empty() ? "message" : std::exchange(name_, {});
    const std::string data = std::exchange(data_, {});
    has_data_ = false;
    return !any || on_event_(name, data);
  }
  const auto colon = text.find(':');
  const auto field = text.substr(0, colon);
  auto value = colon == text.npos ? std::string_view() : text.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  if (field == "event") name_ = value;
  if (field == "data") {
    if (std::exchange(has_data_, true)) data_ += '\n';
    data_ += value;
  }
  return true;
}

}  // namespace jina::client
