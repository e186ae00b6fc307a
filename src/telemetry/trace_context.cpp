#include <algorithm>

#include "jina/tracing.hpp"

namespace jina {
namespace {

constexpr char kHex[] = "0123456789abcdef";
constexpr std::size_t kTraceParentSize = 55;
constexpr std::size_t kMostStateBytes = 512;  // what the specification asks everybody to pass on at least
constexpr int kMostStateMembers = 32;

void append_hex(std::string& out, const std::uint8_t* bytes, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) {
    out += kHex[bytes[i] >> 4];
    out += kHex[bytes[i] & 15];
  }
}

// Lower case only, as the specification has it.
int hex_digit(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

bool read_hex(std::string_view text, std::uint8_t* out) noexcept {
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = hex_digit(text[i]);
    const int low = hex_digit(text[i + 1]);
    if (high < 0 || low < 0) return false;
    out[i / 2] = static_cast<std::uint8_t>(high << 4 | low);
  }
  return true;
}

bool is_key_character(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '*' || c == '/' || c == '@';
}

bool is_member(std::string_view member) noexcept {
  const std::size_t equals = member.find('=');
  if (equals == 0 || equals == std::string_view::npos || equals > 256) return false;
  const std::string_view key = member.substr(0, equals);
  const std::string_view value = member.substr(equals + 1);
  if (!((key[0] >= 'a' && key[0] <= 'z') || (key[0] >= '0' && key[0] <= '9'))) return false;
  if (!std::all_of(key.begin(), key.end(), is_key_character)) return false;
  if (value.empty() || value.size() > 256 || value.back() == ' ') return false;
  return std::all_of(value.begin(), value.end(), [](char c) { return c >= 0x20 && c <= 0x7e && c != ',' && c != '='; });
}

std::string_view trimmed(std::string_view text) noexcept {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// The list as it is sent on; empty when a member is wrong. Members that no longer fit are cut off at the end, the oldest first.
std::string read_state(std::string_view text) {
  std::string state;
  int members = 0;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    const std::string_view member = trimmed(text.substr(0, comma));
    text.remove_prefix(std::min(comma + 1, text.size()));
    if (member.empty()) continue;
    if (!is_member(member) || ++members > kMostStateMembers) return {};
    if (state.size() + member.size() + 1 > kMostStateBytes) return state;
    if (!state.empty()) state += ',';
    state += member;
  }
  return state;
}

}  // namespace

std::string TraceContext::traceparent() const {
  if (!valid()) return {};
  std::string text;
  text.reserve(kTraceParentSize);
  text += "00-";
  append_hex(text, trace_id.data(), trace_id.size());
  text += '-';
  append_hex(text, span_id.data(), span_id.size());
  text += '-';
  append_hex(text, &flags, 1);
  return text;
}

std::string TraceContext::trace_id_hex() const {
  std::string text;
  append_hex(text, trace_id.data(), trace_id.size());
  return text;
}

TraceContext TraceContext::parse(std::string_view traceparent, std::string_view tracestate) {
  const std::string_view text = trimmed(traceparent);
  if (text.size() < kTraceParentSize || text[2] != '-' || text[35] != '-' || text[52] != '-') return {};
  std::uint8_t version = 0;
  if (!read_hex(text.substr(0, 2), &version) || version == 0xff) return {};
  // A later version may say more behind these four fields; this one may not.
  if (text.size() > kTraceParentSize && (version == 0 || text[kTraceParentSize] != '-')) return {};
  TraceContext context;
  if (!read_hex(text.substr(3, 32), context.trace_id.data()) || !read_hex(text.substr(36, 16), context.span_id.data()) ||
      !read_hex(text.substr(53, 2), &context.flags) || !context.valid())
    return {};
  context.flags &= 1U;  // the only bit that version 00 knows
  context.state = read_state(tracestate);
  return context;
}

}  // namespace jina
