#include "gateway/endpoint_table.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <list>
#include <map>
#include <utility>

#include "app/document_input.hpp"
#include "document/struct_codec.hpp"
#include "wire/pb_reader.hpp"

namespace jina::gateway {
namespace {

using namespace std::chrono_literals;

constexpr auto kFresh = 1s;
constexpr auto kFailureFresh = 250ms;
constexpr auto kTimeoutFresh = 5s;  // longer than it was waited for: one that hangs is not waited for by everybody
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

// Searches hold no reference to it: they live in it.
struct EndpointTable::State : std::enable_shared_from_this<State> {
  struct Deployment {
    std::string name;
    EndpointMap endpoints{};                           ///< by path, as last told
    bool described = false;                            ///< ever
    std::optional<SteadyTime> told{};                  ///< when it was asked last
    Status failure{};                                  ///< of that question
    std::unique_ptr<RequestContext> asked{};           ///< while it is asked
    std::optional<boost::asio::steady_timer> limit{};  ///< of that question
    std::uint64_t number = 0;                          ///< of that question
  };
  /// Looks at what is known; true: it had enough and has called back.
  using Search = UniqueFunction<bool()>;

  State(boost::asio::io_context& on, std::vector<std::string> names, Ask with, const Clock& of, std::chrono::milliseconds within)
      : io(on), ask(std::move(with)), clock(of), time_to_answer(within) {
    deployments.reserve(names.size());
    for (std::string& name : names) deployments.push_back({std::move(name)});
  }

  bool fresh(const Deployment& one) const {
    if (!one.told) return false;
    SteadyTime::duration lasts = kFresh;
    if (!one.failure.ok())
      lasts = one.failure.code == StatusCode::kDeadlineExceeded ? SteadyTime::duration(kTimeoutFresh) : kFailureFresh;
    return clock.steady_now() - *one.told < lasts;
  }

  // Nothing is known of it, but soon will be. One that said something once is not waited for.
  static bool awaited(const Deployment& one) { return !one.described && one.asked; }

  void refresh(std::size_t at) {
    Deployment& one = deployments[at];
    if (closed || one.asked || fresh(one)) return;
    one.asked = std::make_unique<RequestContext>();
    const std::uint64_t number = ++one.number;
    ask(*one.asked, one.name, [self = shared_from_this(), at](Result<Buffer> answer) { self->told(at, std::move(answer)); });
    if (!one.asked) return;  // it has answered
    // No deadline of the call: a replica that does not meet one is passed over by requests, and this one may just be busy.
    one.limit.emplace(io, time_to_answer);
    one.limit->async_wait([weak = weak_from_this(), at, number](const boost::system::error_code& error) {
      const auto self = weak.lock();
      if (error || !self || self->deployments[at].number != number || !self->deployments[at].asked) return;
      self->deployments[at].asked->cancel(CancelReason::kDeadline);
    });
  }

  void told(std::size_t at, Result<Buffer> answer) {
    Deployment& one = deployments[at];
    const auto context = std::move(one.asked);
    one.limit.reset();
    Result<EndpointMap> read = answer ? read_endpoints(answer->flatten().view(), one.name) : Result<EndpointMap>(answer.error());
    // One without discovery has nothing that streams.
    if (!read && read.error().code == StatusCode::kUnimplemented) read = EndpointMap{};
    if (!read && context->cancel_reason() == CancelReason::kDeadline)
      read = Status{StatusCode::kDeadlineExceeded, "Executor '" + one.name + "' did not say in time which endpoints it has"};
    one.failure = read.status();
    one.told = clock.steady_now();
    if (read) {
      one.endpoints = std::move(*read);
      one.described = true;
    } else {
      spdlog::debug("endpoints of {}: {}", one.name, read.error().to_string());
    }
    look_again();
  }

  void start(Search search) {
    const auto keep = shared_from_this();  // what is called may be the end of the table
    for (std::size_t at = 0; at < deployments.size(); ++at) refresh(at);
    if (!search()) searches.push_back(std::move(search));
  }

  // What they call may begin another one.
  void look_again() {
    std::list<Search> all = std::exchange(searches, {});
    for (Search& search : all)
      if (!search()) searches.push_back(std::move(search));
  }

  // In the order of the graph among those that are known: one that is not known yet is not waited for when another one streams it.
  std::optional<Answer> look(std::string_view path) const {
    Answer answer;
    bool wait = false;
    for (const Deployment& one : deployments) {
      const auto found = one.endpoints.find(path);
      if (found != one.endpoints.end() && found->second.streams) return Answer{found->second, {}};
      if (found != one.endpoints.end() && !answer.endpoint) answer.endpoint = found->second;
      if (!one.described && answer.unreachable.ok())
        answer.unreachable = closed ? Status{StatusCode::kUnavailable, "the gateway stops"} : one.failure;
      wait = wait || awaited(one);
    }
    if (wait && !closed) return std::nullopt;
    if (answer.endpoint) answer.unreachable = {};
    return answer;
  }

  bool all_known() const { return closed || std::none_of(deployments.begin(), deployments.end(), awaited); }

  std::vector<KnownEndpoint> all_streaming() const {
    EndpointMap all;
    for (const Deployment& one : deployments)
      for (const auto& [path, endpoint] : one.endpoints)
        if (endpoint.streams) all.emplace(path, endpoint);
    std::vector<KnownEndpoint> list;
    for (auto& [path, endpoint] : all) list.push_back(std::move(endpoint));
    return list;
  }

  void close() {
    closed = true;
    look_again();
    for (Deployment& one : deployments)
      if (one.asked) one.asked->cancel(CancelReason::kShutdown);
  }

  // Nothing is called any more; who is still asked keeps this alive, and the contexts with it.
  void drop() {
    closed = true;
    searches.clear();
    for (Deployment& one : deployments) one.limit.reset();
  }

  boost::asio::io_context& io;
  const Ask ask;
  const Clock& clock;
  const std::chrono::milliseconds time_to_answer;
  std::vector<Deployment> deployments;
  std::list<Search> searches;
  bool closed = false;
};

EndpointTable::EndpointTable(boost::asio::io_context& io, std::vector<std::string> deployments, Ask ask, const Clock& clock,
                             std::chrono::milliseconds time_to_answer)
    : state_(std::make_shared<State>(io, std::move(deployments), std::move(ask), clock, time_to_answer)) {}
EndpointTable::~EndpointTable() { state_->drop(); }

void EndpointTable::find(std::string_view endpoint, UniqueFunction<void(Answer)> done) {
  state_->start([state = state_.get(), path = app::endpoint_path(endpoint), done = std::move(done)]() mutable {
    std::optional<Answer> answer = state->look(path);
    if (answer) done(std::move(*answer));
    return answer.has_value();
  });
}

void EndpointTable::streaming(UniqueFunction<void(std::vector<KnownEndpoint>)> done) {
  state_->start([state = state_.get(), done = std::move(done)]() mutable {
    const bool known = state->all_known();
    if (known) done(state->all_streaming());
    return known;
  });
}

void EndpointTable::forget(std::string_view deployment) {
  for (State::Deployment& one : state_->deployments) {
    if (one.name != deployment) continue;
    one.endpoints.clear();
    one.described = false;
    one.told.reset();
  }
}

void EndpointTable::close() {
  const std::shared_ptr<State> keep = state_;
  keep->close();
}

}  // namespace jina::gateway
