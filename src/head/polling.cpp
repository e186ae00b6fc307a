#include "head/polling.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cctype>

namespace jina::head {
namespace {

namespace json = boost::json;

Status wrong(const std::string& what) {
  return {StatusCode::kInvalidArgument,
          "polling: " + what + "; write ANY, ALL, or JSON like {\"/search\": \"ALL\", \"*\": \"ANY\"}"};
}

Result<Poll> poll_named(std::string_view name) {
  std::string upper(name);
  std::transform(upper.begin(), upper.end(), upper.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  if (upper == "ANY") return Poll::kAny;
  if (upper == "ALL") return Poll::kAll;
  return wrong("'" + std::string(name) + "' is neither ANY nor ALL");
}

// Jina's numbers for the two are read as well.
Result<Poll> poll_of(const json::value& value) {
  if (const json::string* name = value.if_string()) return poll_named(std::string_view(*name));
  if (value == json::value(1)) return Poll::kAny;
  if (value == json::value(2)) return Poll::kAll;
  return wrong(json::serialize(value) + " is neither ANY nor ALL");
}

}  // namespace

Result<Polling> Polling::parse(std::string_view text) {
  Polling polling;
  const auto start = text.find_first_not_of(" \t\n");
  if (start == text.npos) return polling;
  if (text[start] != '{') {
    Result<Poll> rest = poll_named(text.substr(start, text.find_last_not_of(" \t\n") - start + 1));
    if (!rest) return std::move(rest).error();
    polling.rest_ = *rest;
    return polling;
  }
  boost::system::error_code error;
  const json::value parsed = json::parse(json::string_view(text.data(), text.size()), error);
  if (error) return wrong("'" + std::string(text) + "' is no JSON (" + error.message() + ")");
  for (const auto& entry : parsed.get_object()) {
    Result<Poll> poll = poll_of(entry.value());
    if (!poll) return std::move(poll).error();
    if (entry.key() == "*") polling.rest_ = *poll;
    polling.endpoints_[std::string(entry.key())] = *poll;
  }
  return polling;
}

Poll Polling::of(std::string_view endpoint) const noexcept {
  const auto found = endpoints_.find(endpoint);
  return found == endpoints_.end() ? rest_ : found->second;
}

}  // namespace jina::head
