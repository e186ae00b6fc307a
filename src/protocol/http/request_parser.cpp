#include "protocol/http/request_parser.hpp"

#include <algorithm>
#include <charconv>

#include "protocol/http/syntax.hpp"
#include "protocol/http/url.hpp"

namespace jina::http {
namespace {

constexpr std::size_t kMaxMethod = 32;
constexpr std::size_t kMaxEmptyLines = 4;  // before a request; some old clients send one after a body
constexpr std::size_t kMaxFields = 1000;

using Error = std::optional<ParseError>;

Error refuse(int status, std::string detail) { return ParseError{status, std::move(detail)}; }
Error refuse_line(std::size_t number, std::string_view what) {
  return ParseError{400, "header line " + std::to_string(number) + ": " + std::string(what)};
}

// "GET /a HTTP/1.1", without its line end.
Error parse_request_line(std::string_view line, Request& request, Framing& framing) {
  const auto method_end = line.find(' ');
  const auto target_end = line.rfind(' ');
  if (method_end == std::string_view::npos || target_end == method_end)
    return refuse(400, "request line: expected 'METHOD target HTTP/1.1'");
  const std::string_view method = line.substr(0, method_end);
  const std::string_view target = line.substr(method_end + 1, target_end - method_end - 1);
  const std::string_view version = line.substr(target_end + 1);
  if (method.size() > kMaxMethod || !is_token(method)) return refuse(400, "request line: the method is not a token");
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  if (version.size() != 8 || !version.starts_with("HTTP/") || !digit(version[5]) || version[6] != '.' || !digit(version[7]))
    return refuse(400, "request line: expected 'HTTP/1.1' at its end");
  if (version[5] != '1')
    return refuse(505, "HTTP version " + std::string(version.substr(5)) + " is not supported here; use HTTP/1.1");
  framing.minor_version = version[7] == '0' ? 0 : 1;
  framing.keep_alive = framing.minor_version == 1;
  if (target.empty() || !is_visible(target))
    return refuse(400, "request line: the target has characters that must be percent-encoded");
  if (method == "CONNECT") return refuse(501, "CONNECT is not supported: this is not a proxy");
  request.method.assign(method);
  request.raw_target.assign(target);
  std::string_view local = target;
  if (target[0] != '/' && target != "*") {
    // Absolute form, as sent to proxies: the authority comes from here.
    const auto scheme_end = target.find("://");
    if (scheme_end == std::string_view::npos) return refuse(400, "request line: the target must begin with '/'");
    const std::string_view rest = target.substr(scheme_end + 3);
    const auto authority_end = rest.find_first_of("/?#");
    request.authority.assign(rest.substr(0, authority_end));
    local = authority_end == std::string_view::npos ? std::string_view() : rest.substr(authority_end);
    if (request.authority.empty() || !is_host(request.authority))
      return refuse(400, "request line: the host in the target is malformed");
    request.raw_target.assign(local.starts_with('/') ? std::string(local) : "/" + std::string(local));
    local = request.raw_target;
  }
  if (local == "*" && method != "OPTIONS") return refuse(400, "request line: target '*' is for OPTIONS only");
  if (!split_target(local, request.path, request.query)) return refuse(400, "request line: malformed percent-encoding in the path");
  return {};
}

// What the fields that frame the message have said so far.
struct Seen {
  bool host = false;
  bool length = false;
  bool coding = false;
  bool upgrade_token = false;
  bool upgrade_websocket = false;
};

Error parse_length(std::string_view value, std::size_t line, Seen& seen, Framing& framing) {
  if (seen.length) return refuse_line(line, "a second content-length");
  seen.length = true;
  if (value.empty() || !std::all_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; }))
    return refuse_line(line, "content-length is not a number");
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), framing.content_length);
  if (error != std::errc()) return refuse(413, "header line " + std::to_string(line) + ": content-length is too large");
  return {};
}

Error parse_coding(std::string_view value, std::size_t line, Seen& seen, Framing& framing) {
  if (seen.coding) return refuse_line(line, "a second transfer-encoding");
  seen.coding = true;
  if (framing.minor_version == 0) return refuse_line(line, "transfer-encoding in an HTTP/1.0 request");
  if (equal_nocase(value, "chunked")) {
    framing.chunked = true;
    return {};
  }
  // Codings that end in chunked could be undone if they were known; without chunked at the end there is no length at all.
  const auto last = value.rfind(',');
  if (last == std::string_view::npos || equal_nocase(trim(value.substr(last + 1)), "chunked"))
    return refuse(501, "header line " + std::to_string(line) + ": transfer-encoding '" + std::string(value) +
                           "' is not supported; only 'chunked' is");
  return refuse_line(line, "the last transfer-encoding is not 'chunked'");
}

Error parse_connection(std::string_view value, Seen& seen, Framing& framing) {
  for_each_element(value, [&](std::string_view option) {
    if (equal_nocase(option, "close"))
      framing.keep_alive = false;
    else if (equal_nocase(option, "keep-alive"))
      framing.keep_alive = framing.keep_alive || framing.minor_version == 0;
    else if (equal_nocase(option, "upgrade"))
      seen.upgrade_token = true;
  });
  return {};
}

// The fields that mean something to the connection. Asked by length first: nearly all fields mean nothing here.
Error look_at(const std::string& name, const std::string& value, std::size_t line, Request& request, Seen& seen, Framing& framing) {
  switch (name.size()) {
    case 4:
      if (name == "host") {
        if (seen.host) return refuse_line(line, "a second host");
        seen.host = true;
        if (!is_host(value)) return refuse_line(line, "the host is malformed");
        if (request.authority.empty()) request.authority = value;
      }
      return {};
    case 6:
      if (name == "expect") {
        if (!equal_nocase(value, "100-continue")) return refuse(417, "expect: only '100-continue' is supported");
        framing.expect_continue = framing.minor_version != 0;
      }
      return {};
    case 7:
      if (name == "upgrade")
        for_each_element(value, [&](std::string_view protocol) { seen.upgrade_websocket |= equal_nocase(protocol, "websocket"); });
      return {};
    case 10: return name == "connection" ? parse_connection(value, seen, framing) : Error();
    case 14: return name == "content-length" ? parse_length(value, line, seen, framing) : Error();
    case 17: return name == "transfer-encoding" ? parse_coding(value, line, seen, framing) : Error();
    default: return {};
  }
}

}  // namespace

HeadScanner::Step HeadScanner::fail(int status, std::string detail) {
  error_ = {status, std::move(detail)};
  return Step::kError;
}

HeadScanner::Step HeadScanner::too_large() {
  const std::string limit = std::to_string(max_bytes_) + " bytes";
  return lines_ == 0 || first_line_ > max_bytes_ ? fail(414, "the target is longer than " + limit)
                                                 : fail(431, "the header is larger than " + limit);
}

void HeadScanner::reset() { *this = HeadScanner(max_bytes_); }

HeadScanner::Step HeadScanner::scan(std::string_view data) {
  while (true) {
    const auto feed = data.find('\n', scanned_);
    if (feed == std::string_view::npos) break;
    if (feed == line_ || data[feed - 1] != '\r')
      return fail(400, (lines_ == 0 ? std::string("request line") : "header line " + std::to_string(lines_)) +
                           ": ends with LF alone, expected CR LF");
    const bool empty = feed == line_ + 1;
    scanned_ = line_ = feed + 1;
    if (!empty) {
      if (++lines_ == 1) first_line_ = line_ - skipped_;
    } else if (lines_ > 0) {
      size_ = line_;
      return size_ - skipped_ > max_bytes_ ? too_large() : Step::kComplete;
    } else {
      skipped_ = line_;
      if (skipped_ > 2 * kMaxEmptyLines) return fail(400, "request line: only empty lines");
    }
  }
  scanned_ = data.size();
  if (lines_ == 0) {
    // Something else than HTTP has no line feed for long: look at the method at once.
    const std::string_view start = data.substr(line_);
    const std::string_view method = start.substr(0, start.find(' '));
    if (start != "\r" && (method.size() > kMaxMethod || (!method.empty() && !is_token(method)) || start.starts_with(' ')))
      return fail(400, "request line: the method is not a token");
  }
  return data.size() - skipped_ > max_bytes_ ? too_large() : Step::kNeedMore;
}

Error parse_head(std::string_view head, Request& request, Framing& framing) {
  auto end = head.find("\r\n");
  if (Error error = parse_request_line(head.substr(0, end), request, framing)) return error;
  head.remove_prefix(end + 2);
  Seen seen;
  request.headers.reserve(8);
  for (std::size_t line = 1;; ++line) {
    end = head.find("\r\n");
    const std::string_view field = head.substr(0, end);
    if (field.empty()) break;
    head.remove_prefix(end + 2);
    if (field[0] == ' ' || field[0] == '\t') return refuse_line(line, "folded lines are not allowed");
    const auto colon = field.find(':');
    if (colon == std::string_view::npos) return refuse_line(line, "the colon is missing");
    const std::string_view name = field.substr(0, colon);
    auto& [stored_name, stored_value] = request.headers.emplace_back();
    if (!assign_lower(stored_name, name))
      return refuse_line(line, !name.empty() && (name.back() == ' ' || name.back() == '\t') ? "space before the colon"
                                                                                            : "the name is not a token");
    const std::string_view value = trim(field.substr(colon + 1));
    if (!is_field_value(value)) return refuse_line(line, "the value has control characters");
    if (line > kMaxFields) return refuse(431, "more than " + std::to_string(kMaxFields) + " header fields");
    stored_value.assign(value);
    if (Error error = look_at(stored_name, stored_value, line, request, seen, framing)) return error;
  }
  if (framing.minor_version == 1 && !seen.host) return refuse(400, "the host field is missing");
  if (seen.length && seen.coding) return refuse(400, "both content-length and transfer-encoding");
  framing.upgrade_websocket = seen.upgrade_websocket && seen.upgrade_token && framing.minor_version == 1;
  return {};
}

}  // namespace jina::http
