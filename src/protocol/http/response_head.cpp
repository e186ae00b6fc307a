#include "protocol/http/response_head.hpp"

#include <spdlog/spdlog.h>

#include <charconv>
#include <cstdio>
#include <ctime>
#include <string_view>

#include "protocol/http/syntax.hpp"

namespace jina::http {
namespace {

void append_number(std::string& out, std::uint64_t number) {
  char digits[20];
  const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  out.append(digits, end);
}

bool owned_by_server(std::string_view name) noexcept {
  switch (name.size()) {
    case 4: return name == "date";
    case 6: return name == "server";
    case 10: return name == "connection" || name == "keep-alive";
    case 14: return name == "content-length";
    case 17: return name == "transfer-encoding";
    default: return false;
  }
}

void append_json_text(std::string& out, std::string_view text) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += {'\\', c};
    } else if (byte < 0x20 || byte >= 0x7f) {
      // Details may quote what the peer sent, which need not be UTF-8: each byte as the character of its number.
      char escaped[8];
      std::snprintf(escaped, sizeof escaped, "\\u%04x", byte);
      out += escaped;
    } else {
      out += c;
    }
  }
}

}  // namespace

std::string_view reason_phrase(int status) noexcept {
  switch (status) {
    case 100: return "Continue";
    case 101: return "Switching Protocols";
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 206: return "Partial Content";
    case 301: return "Moved Permanently";
    case 302: return "Found";
    case 303: return "See Other";
    case 304: return "Not Modified";
    case 307: return "Temporary Redirect";
    case 308: return "Permanent Redirect";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 406: return "Not Acceptable";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 410: return "Gone";
    case 411: return "Length Required";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 417: return "Expectation Failed";
    case 422: return "Unprocessable Entity";
    case 426: return "Upgrade Required";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 499: return "Client Closed Request";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 502: return "Bad Gateway";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    case 505: return "HTTP Version Not Supported";
    default: return "Unknown";
  }
}

std::string_view http_date() {
  static thread_local std::time_t cached = 0;
  static thread_local char text[64];
  static thread_local std::size_t size = 0;
  const std::time_t now = std::time(nullptr);
  if (now != cached || size == 0) {
    cached = now;
    static constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    std::tm utc{};
    ::gmtime_r(&now, &utc);
    size = static_cast<std::size_t>(std::snprintf(text, sizeof text, "%s, %02d %s %04d %02d:%02d:%02d GMT", kDays[utc.tm_wday],
                                                  utc.tm_mday, kMonths[utc.tm_mon], utc.tm_year + 1900, utc.tm_hour, utc.tm_min,
                                                  utc.tm_sec));
  }
  return {text, size};
}

void append_head(std::string& out, const Response& response, BodyFraming framing, int minor_version, bool keep_alive) {
  using namespace std::string_view_literals;
  if (response.status == 200) {
    out += "HTTP/1.1 200 OK\r\nserver: jina\r\ndate: "sv;
  } else {
    out += "HTTP/1.1 "sv;
    append_number(out, static_cast<std::size_t>(response.status));
    out += ' ';
    out += reason_phrase(response.status);
    out += "\r\nserver: jina\r\ndate: "sv;
  }
  out += http_date();
  out += "\r\n"sv;
  for (const auto& [name, value] : response.headers) {
    if (owned_by_server(name)) continue;
    if (!is_token(name) || !is_field_value(value)) {
      spdlog::error("response header '{}' left out: its name or value has characters that a header can not carry", name);
      continue;
    }
    out += name;
    out += ": "sv;
    out += value;
    out += "\r\n"sv;
  }
  if (framing == BodyFraming::kLength) {
    out += "content-length: "sv;
    append_number(out, response.stream ? response.stream_size.value_or(0) : response.body.size());
    out += "\r\n"sv;
  } else if (framing == BodyFraming::kChunked) {
    out += "transfer-encoding: chunked\r\n"sv;
  }
  if (!keep_alive) {
    out += "connection: close\r\n"sv;
  } else if (minor_version == 0) {
    out += "connection: keep-alive\r\n"sv;
  }
  out += "\r\n"sv;
}

Response error_response(int status, std::string_view detail) {
  Response response;
  response.status = status;
  response.headers.emplace_back("content-type", "application/json");
  std::string body = R"({"detail":")";
  append_json_text(body, detail);
  body += R"("})";
  response.body = Buffer::take(std::move(body));
  return response;
}

}  // namespace jina::http
