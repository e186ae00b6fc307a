#include "topology/polling.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <optional>

#include "base/letter_case.hpp"

namespace jina::topology {
namespace {

namespace json = boost::json;

constexpr const char* kNeither = "is neither ANY nor ALL";

std::optional<Poll> poll_named(std::string_view name) {
  if (equal_but_for_case(name, "ANY")) return Poll::kAny;
  if (equal_but_for_case(name, "ALL")) return Poll::kAll;
  return std::nullopt;
}

std::optional<Poll> poll_of(const json::value& value) {
  if (const json::string* name = value.if_string()) return poll_named(std::string_view(*name));
  if (value == json::value(1)) return Poll::kAny;
  if (value == json::value(2)) return Poll::kAll;
  return std::nullopt;
}

std::string quoted(const json::value& value) {
  return value.is_string() ? "'" + std::string(std::string_view(value.get_string())) + "'" : json::serialize(value);
}

}  // namespace

Polling Polling::parse(std::string_view text, std::vector<Mistake>& mistakes) {
  Polling polling;
  const auto start = text.find_first_not_of(" \t\n");
  if (start == text.npos) return polling;
  const auto whole = "'" + std::string(text) + "'";
  if (text[start] != '{') {
    const auto rest = poll_named(text.substr(start, text.find_last_not_of(" \t\n") - start + 1));
    if (!rest) mistakes.push_back({"", whole, kNeither});
    polling.rest_ = rest.value_or(polling.rest_);
    return polling;
  }
  boost::system::error_code error;
  const json::value parsed = json::parse(json::string_view(text.data(), text.size()), error);
  if (error) {
    mistakes.push_back({"", whole, "is no JSON (" + error.message() + ")"});
    return polling;
  }
  for (const auto& entry : parsed.get_object()) {
    const auto poll = poll_of(entry.value());
    if (!poll) {
      mistakes.push_back({std::string(entry.key()), quoted(entry.value()), kNeither});
      continue;
    }
    if (entry.key() == "*") polling.rest_ = *poll;
    polling.endpoints_[std::string(entry.key())] = *poll;
  }
  return polling;
}

Result<Polling> Polling::parse(std::string_view text) {
  std::vector<Mistake> mistakes;
  Polling polling = parse(text, mistakes);
  if (mistakes.empty()) return polling;
  const Mistake& first = mistakes.front();
  return Status{StatusCode::kInvalidArgument, "polling: " + first.value + " " + first.problem +
                                                  "; write ANY, ALL, or JSON like {\"/search\": \"ALL\", \"*\": \"ANY\"}"};
}

Poll Polling::of(std::string_view endpoint) const noexcept {
  const auto found = endpoints_.find(endpoint);
  return found == endpoints_.end() ? rest_ : found->second;
}

}  // namespace jina::topology
