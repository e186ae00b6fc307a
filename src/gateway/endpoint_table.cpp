#include "gateway/endpoint_table.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <map>
#include <utility>

#include "app/document_input.hpp"
#include "document/struct_codec.hpp"
#include "wire/pb_reader.hpp"

namespace jina::gateway {
namespace {

using namespace std::chrono_literals;

constexpr auto kFresh = 1s;
constexpr auto kFailureFresh = 250ms;  // one that hangs is not waited for by everybody
constexpr auto kTimeToAnswer = 2s;
// The name that every Executor of docarray v1 gives its Documents.
constexpr std::string_view kDocument = "PydanticDocument";
constexpr std::string_view kDryRun = "/_jina_dry_run_";

using EndpointMap = std::map<std::string, KnownEndpoint, std::less<>>;

const boost::json::object* object_of(const boost::json::object& in, std::string_view key) {
  const auto* value = in.if_contains(key);
  return value == nullptr ? nullptr : value->if_object();
}

void read_schema(const boost::json::object& schema, KnownEndpoint& endpoint) {
  if (const auto* streams = schema.if_contains("is_generator")) endpoint.streams = streams->is_bool() && streams->get_bool();
  const auto* input = object_of(schema, "input");
  const auto* name = input == nullptr ? nullptr : input->if_contains("name");
  if (name != nullptr && name->is_string() && name->get_string() != kDocument) endpoint.foreign_documents = name->get_string();
}

// By path. An EndpointsProto has the names in field 1 and their schemas, a Struct, in field 3.
Result<EndpointMap> read_endpoints(std::string_view encoded, const std::string& deployment) {
  EndpointMap found;
  std::string schemas;
  wire::PbReader reader(encoded);
  while (reader.next()) {
    if (reader.type() != wire::WireType::kLengthDelimited) continue;
    if (reader.field() == 3) schemas += reader.bytes();
    if (reader.field() != 1) continue;
    std::string path = app::endpoint_path(reader.bytes());
    if (path != kDryRun) found.emplace(std::move(path), KnownEndpoint{std::string(reader.bytes()), deployment});
  }
  if (reader.failed()) return Status{StatusCode::kInternal, "it answered endpoint_discovery with something else"};
  const Result<boost::json::object> described = decode_struct(schemas);
  if (!described) return described.error();
  for (auto& [path, endpoint] : found)
    if (const auto* schema = object_of(*described, endpoint.name)) read_schema(*schema, endpoint);
  return found;
}

}  // namespace

struct EndpointTable::State : std::enable_shared_from_this<State> {
  using Asked = UniqueFunction<void()>;
  struct Deployment {
    std::string name;
    EndpointMap endpoints{};                  ///< by path, as last told
    bool described = false;                   ///< ever
    std::optional<SteadyTime> told{};         ///< when it was asked last
    Status failure{};                         ///< of that question
    std::unique_ptr<RequestContext> asked{};  ///< while it is asked
    std::vector<Asked> waiting{};
  };

  State(std::vector<std::string> names, Ask with, const Clock& of) : ask(std::move(with)), clock(of) {
    deployments.reserve(names.size());
    for (std::string& name : names) deployments.push_back({std::move(name)});
  }

  bool fresh(const Deployment& one) const {
    return one.told && clock.steady_now() - *one.told < (one.failure.ok() ? SteadyTime::duration(kFresh) : kFailureFresh);
  }

  // Whoever wants to know while the question is on its way shares its answer.
  void refresh(std::size_t at, Asked done) {
    Deployment& one = deployments[at];
    if (fresh(one)) return done();
    one.waiting.push_back(std::move(done));
    if (one.asked) return;
    one.asked = std::make_unique<RequestContext>();
    one.asked->deadline = std::chrono::steady_clock::now() + kTimeToAnswer;
    ask(*one.asked, one.name, [self = shared_from_this(), at](Result<Buffer> answer) { self->told(at, std::move(answer)); });
  }

  void told(std::size_t at, Result<Buffer> answer) {
    Deployment& one = deployments[at];
    const auto context = std::move(one.asked);
    Result<EndpointMap> read = answer ? read_endpoints(answer->flatten().view(), one.name) : Result<EndpointMap>(answer.error());
    // One without discovery has nothing that streams.
    if (!read && read.error().code == StatusCode::kUnimplemented) read = EndpointMap{};
    one.failure = read.status();
    one.told = clock.steady_now();
    if (read) {
      one.endpoints = std::move(*read);
      one.described = true;
    } else {
      spdlog::debug("endpoints of {}: {}", one.name, read.error().to_string());
    }
    for (Asked& asked : std::exchange(one.waiting, {})) asked();
  }

  // One after the other, since the first one that streams it ends the search.
  void look(std::string path, std::size_t at, Answer so_far, UniqueFunction<void(Answer)> done) {
    if (at == deployments.size()) {
      if (so_far.endpoint) so_far.unreachable = {};
      return done(std::move(so_far));
    }
    refresh(at,
            [self = shared_from_this(), path = std::move(path), at, so_far = std::move(so_far), done = std::move(done)]() mutable {
              const Deployment& one = self->deployments[at];
              if (const KnownEndpoint* known = self->streams(one, path)) return done({*known, {}});
              const auto plain = one.endpoints.find(path);
              if (plain != one.endpoints.end() && !so_far.endpoint) so_far.endpoint = plain->second;
              if (so_far.unreachable.ok() && !one.described) so_far.unreachable = one.failure;
              self->look(std::move(path), at + 1, std::move(so_far), std::move(done));
            });
  }

  static const KnownEndpoint* streams(const Deployment& one, std::string_view path) {
    const auto found = one.endpoints.find(path);
    return found != one.endpoints.end() && found->second.streams ? &found->second : nullptr;
  }

  void ask_all(std::size_t at, Asked done) {
    if (at == deployments.size()) return done();
    refresh(at, [self = shared_from_this(), at, done = std::move(done)]() mutable { self->ask_all(at + 1, std::move(done)); });
  }

  std::vector<KnownEndpoint> all_streaming() const {
    EndpointMap all;
    for (const Deployment& one : deployments)
      for (const auto& [path, endpoint] : one.endpoints)
        if (endpoint.streams) all.emplace(path, endpoint);
    std::vector<KnownEndpoint> list;
    for (auto& [path, endpoint] : all) list.push_back(std::move(endpoint));
    return list;
  }

  const Ask ask;
  const Clock& clock;
  std::vector<Deployment> deployments;
};

EndpointTable::EndpointTable(std::vector<std::string> deployments, Ask ask, const Clock& clock)
    : state_(std::make_shared<State>(std::move(deployments), std::move(ask), clock)) {}
EndpointTable::~EndpointTable() = default;

void EndpointTable::find(std::string_view endpoint, UniqueFunction<void(Answer)> done) {
  state_->look(app::endpoint_path(endpoint), 0, {}, std::move(done));
}

void EndpointTable::streaming(UniqueFunction<void(std::vector<KnownEndpoint>)> done) {
  state_->ask_all(0, [state = state_, done = std::move(done)]() mutable { done(state->all_streaming()); });
}

void EndpointTable::forget(std::string_view deployment) {
  for (State::Deployment& one : state_->deployments) {
    if (one.name != deployment) continue;
    one.endpoints.clear();
    one.described = false;
    one.told.reset();
  }
}

}  // namespace jina::gateway
