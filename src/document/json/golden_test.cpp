// The recorded JSON traffic of a real Jina gateway: every body it got and every answer it gave.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <regex>
#include <sstream>

#include "document/document_codec.hpp"
#include "document/json/document_writer.hpp"
#include "document/json/json_request.hpp"
#include "document/json/json_response.hpp"
#include "document/json/parse.hpp"
#include "document/struct_codec.hpp"
#include "wire/data_request.hpp"

namespace jina {
namespace {

namespace fs = std::filesystem;
using pyjson::Kind;
using pyjson::Value;

std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// A recording, held by the parser under test: it keeps numbers as they were written.
struct Recording {
  explicit Recording(const fs::path& path) : text(read_file(path)) {
    pyjson::ParseResult parsed = pyjson::parse(text, arena);
    if (std::holds_alternative<Value>(parsed)) root = std::get<Value>(parsed);
  }
  std::string text;
  pyjson::Arena arena;
  Value root;
};

Value get(const Value& object, std::string_view key) {
  if (object.kind != Kind::kObject) return {};
  for (const pyjson::Member& member : object.object()) {
    if (member.key.string() == key) return member.value;
  }
  return {};
}
std::string text_of(const Value& value) { return value.kind == Kind::kString ? std::string(value.string()) : std::string(); }
std::string dump(const Value& value) {
  std::string out;
  pyjson::Output output(out, JsonDialect::kHttp);
  write_value(output, value);
  EXPECT_FALSE(output.failed()) << output.problem();
  return out;
}

// The same text whatever the order of keys: maps have none on the wire.
std::string sorted(std::string_view text) {
  pyjson::Arena arena;
  pyjson::ParseResult parsed = pyjson::parse(text, arena);
  const std::function<std::string(const Value&)> write = [&](const Value& value) -> std::string {
    if (value.kind == Kind::kArray) {
      std::string out = "[";
      for (const Value& item : value.array()) out += write(item) + ",";
      return out + "]";
    }
    if (value.kind != Kind::kObject) return dump(value);
    std::vector<std::string> members;
    for (const pyjson::Member& member : value.object()) members.push_back(dump(member.key) + ":" + write(member.value));
    std::sort(members.begin(), members.end());
    std::string out = "{";
    for (const std::string& member : members) out += member + ",";
    return out + "}";
  };
  return std::holds_alternative<Value>(parsed) ? write(std::get<Value>(parsed)) : "no JSON: " + std::string(text);
}

std::vector<fs::path> recordings(const char* folder) {
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(fs::path(JINA_GOLDEN_DIR) / folder)) {
    if (entry.path().extension() == ".json") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

// Ids that were made up differ from run to run.
void mask_ids(DocumentArray& docs) {
  static const std::regex kRandom("[0-9a-f]{32}");
  for (Document& document : docs) {
    if (std::regex_match(document.id, kRandom)) document.id = "random";
    if (std::regex_match(document.parent_id, kRandom)) document.parent_id = "random";
    mask_ids(document.chunks);
    mask_ids(document.matches);
  }
}

void expect_equals_upstream(const wire::DataRequest& request, const fs::path& recorded) {
  const wire::DataRequest ours = wire::DataRequest::parse(request.serialize()).value();
  const Result<wire::DataRequest> theirs = wire::DataRequest::parse(Buffer::take(read_file(recorded)));
  ASSERT_TRUE(theirs.ok());
  ASSERT_EQ(ours.data.has_value(), theirs->data.has_value());
  if (ours.data) {
    Result<DocumentArray> our_docs = decode_documents(*ours.data);
    Result<DocumentArray> their_docs = decode_documents(*theirs->data);
    ASSERT_TRUE(our_docs.ok() && their_docs.ok());
    mask_ids(*our_docs);
    mask_ids(*their_docs);
    ASSERT_EQ(our_docs->size(), their_docs->size());
    const auto has_nan = [](const Document& document) {
      return std::any_of(document.tags.begin(), document.tags.end(),
                         [](const auto& tag) { return tag.value().is_double() && std::isnan(tag.value().get_double()); });
    };
    for (std::size_t i = 0; i < our_docs->size(); ++i) {
      if (!has_nan((*our_docs)[i])) {
        EXPECT_EQ((*our_docs)[i], (*their_docs)[i]) << "document " << i;
      }
    }
  }
  const auto parameters = [](const wire::DataRequest& request) {
    return request.parameters ? decode_struct(request.parameters->view()).value() : boost::json::object();
  };
  // A gateway rewrites them for the Executor: those that name one are another test's business.
  const boost::json::object sent = parameters(ours);
  const bool addressed = std::any_of(sent.begin(), sent.end(), [](const auto& entry) {
    return std::string_view(entry.key()).find("__") != std::string_view::npos || entry.value().is_object();
  });
  if (!addressed) {
    EXPECT_EQ(sent, parameters(*theirs));
  }
  const auto endpoint = [](const wire::DataRequest& request) {
    return std::string(wire::parse_header(request.header.view()).value().exec_endpoint.value_or("-"));
  };
  EXPECT_EQ(endpoint(ours), endpoint(*theirs));
}

TEST(GoldenHttp, EveryBodyIsUnderstoodAsJinaDid) {
  int accepted = 0;
  int refused = 0;
  for (const fs::path& path : recordings("http")) {
    SCOPED_TRACE(path.filename().string());
    const Recording recording(path);
    const Value request = get(recording.root, "request");
    const Value response = get(recording.root, "response");
    const Value status = get(response, "status");
    const std::string endpoint = text_of(get(request, "path"));
    const bool is_post = endpoint.starts_with("/post");
    const bool is_crud = endpoint == "/index" || endpoint == "/search" || endpoint == "/update" || endpoint == "/delete";
    if ((!is_post && !is_crud) || endpoint == "/post/" || text_of(get(request, "method")) == "GET" || status.kind != Kind::kInt)
      continue;
    if (status.integer == 404 || status.integer == 405 || status.integer == 307) continue;

    std::string body = text_of(get(request, "body_text"));
    if (const Value json = get(request, "body"); !json.is_null()) body = dump(json);
    if (path.stem() == "post_bad_utf8") body = "{\"data\":[{\"text\":\"\xff\"}]}";
    JsonRequestOptions options;
    options.endpoint_from_body = is_post;
    const std::string type = text_of(get(get(request, "headers"), "content-type"));
    if (!type.empty()) options.content_type = type;

    JsonRequestResult result = parse_json_request(body, options);
    const fs::path upstream = fs::path(path).replace_extension(".up0.req.bin");
    if (auto* error = std::get_if<JsonRequestError>(&result)) {
      ++refused;
      ASSERT_EQ(error->http_status, status.integer) << error->reason;
      EXPECT_EQ(error->content_type(), text_of(get(get(response, "headers"), "content-type")));
      const Value json = get(response, "body");
      EXPECT_EQ(error->body(), json.is_null() ? text_of(get(response, "body_text")) : dump(json));
      // A tensor of huge integers leaves a real gateway as memory addresses and fails on its way back; ours does not leave.
      EXPECT_TRUE(!fs::exists(upstream) || path.stem() == "post_huge_int_tensor");
      continue;
    }
    ++accepted;
    JsonRequest& accepted_request = std::get<JsonRequest>(result);
    if (is_crud) accepted_request.exec_endpoint = endpoint;
    const wire::DataRequest message = to_data_request(std::move(accepted_request), "id");
    if (fs::exists(upstream)) expect_equals_upstream(message, upstream);
    EXPECT_TRUE(fs::exists(upstream) || status.integer == 200 || status.integer == 500)
        << "Jina refused it with " << status.integer;

    if (status.integer == 503 || status.integer == 504) {
      const Value header = get(get(response, "body"), "header");
      const Value network_status = get(header, "status");
      const Value recorded_stacks = get(get(network_status, "exception"), "stacks");
      JsonNetworkError network;
      const std::string id = text_of(get(header, "requestId"));
      const std::string description = text_of(get(network_status, "description"));
      network.request_id = id;
      network.description = description;
      for (const Value& stack : recorded_stacks.array()) network.stacks.push_back(text_of(stack));
      EXPECT_EQ(write_error_response(body, options, network), dump(get(response, "body")));
    }
  }
  EXPECT_GE(accepted, 50);
  EXPECT_GE(refused, 18);
}

// "2026-11-23T03:51:26.473462+00:00" or "...Z" -> nanoseconds.
std::optional<std::int64_t> read_time(const Value& value) {
  if (value.is_null()) return std::nullopt;
  const std::string text = text_of(value);
  std::istringstream in(text);
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  std::sscanf(text.c_str(), "%d-%d-%dT%d:%d:%d", &year, &month, &day, &hour, &minute, &second);
  std::string fraction;
  if (const auto dot = text.find('.'); dot != std::string::npos)
    fraction = text.substr(dot + 1, text.find_first_not_of("0123456789", dot + 1) - dot - 1);
  fraction.resize(9, '0');
  const auto date = std::chrono::sys_days(std::chrono::year(year) / month / day);
  return (date.time_since_epoch() / std::chrono::seconds(1) + hour * 3600 + minute * 60 + second) * std::int64_t{1'000'000'000} +
         std::stoll(fraction);
}

std::string encode_status(const Value& status) {
  if (status.is_null()) return {};
  wire::ErrorStatus error;
  const Value exception = get(status, "exception");
  const std::string description = text_of(get(status, "description"));
  const std::string name = text_of(get(exception, "name"));
  const std::string executor = text_of(get(exception, "executor"));
  error.description = description;
  error.exception_name = name;
  error.executor = executor;
  for (const Value& arg : get(exception, "args").array()) error.args.push_back(text_of(arg));
  for (const Value& stack : get(exception, "stacks").array()) error.stacks.push_back(text_of(stack));
  return wire::encode_error_status(error);
}

// The answer as it was on the wire, rebuilt from its JSON.
wire::DataRequest rebuild(const Value& answer) {
  const auto either = [](const Value& object, std::string_view camel, std::string_view snake) {
    const Value value = get(object, camel);
    return value.is_null() ? get(object, snake) : value;
  };
  wire::DataRequest message;
  const Value header = get(answer, "header");
  const std::string id = text_of(either(header, "requestId", "request_id"));
  const std::string endpoint = text_of(either(header, "execEndpoint", "exec_endpoint"));
  const std::string status = encode_status(get(header, "status"));
  wire::HeaderFields fields;
  fields.request_id = id;
  fields.exec_endpoint = endpoint;
  fields.target_executor = "";
  fields.status = status;
  message.has_header = true;
  message.header = Bytes::take(wire::encode_header(fields));

  JsonRequestResult parsed =
      parse_json_request("{\"data\":" + dump(get(answer, "data")) + ",\"parameters\":" + dump(get(answer, "parameters")) + "}", {});
  JsonRequest& content = std::get<JsonRequest>(parsed);
  message.parameters = Bytes::take(encode_struct(content.parameters.value()));
  message.data = encode_documents(content.docs);
  std::string routes;
  for (const Value& route : get(answer, "routes").array()) {
    const std::string executor = text_of(get(route, "executor"));
    const std::string route_status = encode_status(get(route, "status"));
    wire::append_route(routes, {executor, read_time(either(route, "startTime", "start_time")),
                                read_time(either(route, "endTime", "end_time")), route_status});
  }
  message.routes = Bytes::take(std::move(routes));
  return message;
}

TEST(GoldenHttp, EveryAnswerIsWrittenAsJinaDid) {
  int exact = 0;
  int compared = 0;
  for (const fs::path& path : recordings("http")) {
    SCOPED_TRACE(path.filename().string());
    const Recording recording(path);
    const Value response = get(recording.root, "response");
    const Value answer = get(response, "body");
    if (get(response, "status").integer != 200 || !get(answer, "data").is_list()) continue;
    const Result<std::string> written = write_json_response(rebuild(answer), JsonDialect::kHttp);
    ASSERT_TRUE(written.ok()) << written.error().message;
    EXPECT_EQ(sorted(*written), sorted(dump(answer)));
    ++compared;
    if (const std::string text = text_of(get(response, "body_text")); !text.empty()) {
      EXPECT_EQ(*written, text);
      ++exact;
    }
  }
  EXPECT_GE(compared, 50);
  EXPECT_GE(exact, 2);
}

TEST(GoldenWebSocket, EveryFrameIsReadAndWrittenAsJinaDid) {
  int sent = 0;
  int received = 0;
  int exact = 0;
  for (const fs::path& path : recordings("ws")) {
    SCOPED_TRACE(path.filename().string());
    const Recording recording(path);
    const Value frames = get(recording.root, "frames");
    if (frames.kind != Kind::kArray || path.stem().string().starts_with("bytes")) continue;
    const bool refused = std::any_of(frames.array().begin(), frames.array().end(),
                                     [](const Value& frame) { return get(frame, "code").integer == 1006; });
    for (const Value& frame : frames.array()) {
      const std::string text = text_of(get(frame, "text"));
      if (text_of(get(frame, "type")) != "text") continue;
      if (text_of(get(frame, "dir")) == "send") {
        ++sent;
        const JsonRequestResult result = parse_json_request(text, {.websocket = true});
        EXPECT_EQ(std::holds_alternative<JsonRequestError>(result), refused) << text;
        if (const auto* request = std::get_if<JsonRequest>(&result)) {
          EXPECT_EQ(request->kind == JsonRequest::Kind::kEndOfStream, text == "{}") << text;
        }
      } else if (get(get(frame, "json"), "data").is_list()) {
        ++received;
        const Result<std::string> written = write_json_response(rebuild(get(frame, "json")), JsonDialect::kWebSocket);
        ASSERT_TRUE(written.ok()) << written.error().message;
        // Where stack traces were cut out, the recording has the value only.
        EXPECT_EQ(sorted(*written), sorted(dump(get(frame, "json"))));
        if (!text.empty()) {
          EXPECT_EQ(*written, text);
          ++exact;
        }
      }
    }
  }
  EXPECT_GE(sent, 10);
  EXPECT_GE(received, 8);
  EXPECT_GE(exact, 8);
}

}  // namespace
}  // namespace jina
