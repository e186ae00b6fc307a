#include "document/json/json_answer.hpp"

#include "document/json/request_model.hpp"

namespace jina {
namespace {

using pyjson::Context;
using pyjson::Kind;
using pyjson::Member;
using pyjson::Value;
using Members = std::span<const Member>;

Status refused(const std::string& reason) { return {StatusCode::kInternal, "the answer's " + reason}; }

}  // namespace

Result<JsonAnswer> parse_json_answer(std::string_view text) {
  const Status no_object{StatusCode::kInternal, "the answer is no JSON object"};
  // A request may be a list of pairs, which Python makes a dict of.
  if (const auto start = text.find_first_not_of(" \t\r\n"); start == text.npos || text[start] != '{') return no_object;
  pyjson::Arena arena;
  Context context{arena};
  JsonRequestOptions options;
  options.endpoint_from_body = false;
  const pyjson::MembersResult read = read_members(text, options, context);
  if (!std::holds_alternative<Members>(read)) return no_object;
  const auto members = std::get<Members>(read);
  JsonAnswer answer;
  pyjson::RequestModel model;
  validate_members(context, members, options, model);
  if (const auto wrong = refusal_of(context)) return refused("Documents: " + wrong->reason);
  if (!build_request(context, std::move(model), answer.body)) return refused("Documents: " + context.fatal);
  if (const Value* header = find_member(members, "header", "header"); header != nullptr && header->kind == Kind::kObject)
    if (!to_json_object(context, *header, answer.header)) return refused("header: " + context.fatal);
  if (const Value* routes = find_member(members, "routes", "routes"); routes != nullptr && routes->kind == Kind::kArray)
    for (const Value& route : routes->array())
      if (route.kind == Kind::kObject && !to_json_object(context, route, answer.routes.emplace_back()))
        return refused("routes: " + context.fatal);
  return answer;
}

}  // namespace jina
