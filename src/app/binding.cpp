// Inputs of a handler from the parts of a request; declared in jina/app_operation.hpp.
#include <algorithm>
#include <span>

#include "app/body_input.hpp"
#include "app/call.hpp"
#include "app/form_input.hpp"
#include "app/forms/cookies.hpp"
#include "app/repair_utf8.hpp"
#include "protocol/http/url.hpp"

namespace jina::app::detail {
namespace {

namespace json = boost::json;
using Texts = std::vector<std::pair<std::string, std::string>>;

const json::array& place(Source source) {
  static const json::array kPath{"path"}, kQuery{"query"}, kHeader{"header"}, kCookie{"cookie"};
  switch (source) {
    case Source::kPath: return kPath;
    case Source::kHeader: return kHeader;
    case Source::kCookie: return kCookie;
    default: return kQuery;
  }
}

void repair(Texts& texts) {
  for (auto& [name, value] : texts) repair_utf8(value);
}

const RouteInput& input_of(const Call& call, Source source, const described::TypeInfo& type) {
  const auto same = [&](const RouteInput& input) { return input.info.source == source && input.info.type == &type; };
  return *std::find_if(call.route.inputs.begin(), call.route.inputs.end(), same);
}

// The headers that are members, by the names of these.
Texts header_texts(const Call& call, const RouteInput& input) {
  Texts texts;
  for (const auto& [name, value] : call.request.headers) {
    if (std::find(input.names.begin(), input.names.end(), name) == input.names.end()) continue;
    std::string member = name;
    std::replace(member.begin(), member.end(), '-', '_');
    texts.emplace_back(std::move(member), value);
  }
  return texts;
}

bool read_headers(Call& call, const described::TypeInfo& type, void* into) {
  const std::size_t before = call.errors.size();
  Texts texts = header_texts(call, input_of(call, Source::kHeader, type));
  repair(texts);
  if (described::read_texts(type, into, texts, place(Source::kHeader), call.errors)) return true;
  for (InputError& error : std::span(call.errors).subspan(before)) {
    if (error.location.size() < 2 || !error.location[1].is_string()) continue;
    json::string& name = error.location[1].get_string();
    std::replace(name.begin(), name.end(), '_', '-');
  }
  return false;
}

bool read_list(Call& call, Source source, Texts texts, const described::TypeInfo& type, void* into) {
  repair(texts);
  return described::read_texts(type, into, texts, place(source), call.errors);
}

}  // namespace

bool read_input(Call& call, Source source, const described::TypeInfo& type, void* into) {
  if (call.unreadable) return false;
  switch (source) {
    case Source::kPath: return described::read_texts(type, into, call.path_values, place(source), call.errors);
    case Source::kQuery: return read_list(call, source, http::parse_query(call.request.query), type, into);
    case Source::kHeader: return read_headers(call, type, into);
    case Source::kCookie: return read_list(call, source, cookies_of(call.request.headers), type, into);
    case Source::kForm: return read_form(call, type, into);
    case Source::kJson: return read_json(call, type, into);
  }
  return false;
}

void* allocate_state(Call& call, std::size_t size) { return call.allocate_state(size); }
void own_state(Call& call, void (*destroy)(void*) noexcept) { call.own_state(destroy); }
void* state_of(Call& call) noexcept { return call.state(); }
const HttpRequest& request_of(Call& call) noexcept { return call.request; }
RequestContext& context_of(Call& call) noexcept { return call.context; }
ChunkWriter& chunks_of(Call& call) noexcept { return *call.chunks; }
EventWriter& events_of(Call& call) noexcept { return *call.events; }
WebSocket& socket_of(Call& call) noexcept { return *call.socket; }
HttpResponse& response_of(Call& call) noexcept { return call.response; }

Task<void> finish_nothing(Task<void> task, Call&) { return task; }

}  // namespace jina::app::detail
