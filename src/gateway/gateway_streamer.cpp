// GatewayStreamer, but for the calls in streamer_calls.cpp.
#include "jina/streamer.hpp"

#include <boost/asio/post.hpp>
#include <stdexcept>
#include <utility>

#include "base/await_callback.hpp"
#include "gateway/gateway_options.hpp"
#include "gateway/streamer_impl.hpp"
#include "streamer/request_streamer.hpp"
#include "streamer/rpc_run.hpp"
#include "topology/graph_builder.hpp"

namespace jina {
namespace {

std::unique_ptr<GatewayStreamer::Impl> make_impl(boost::asio::io_context& io, const StreamerOptions& options) {
  const auto check = [](auto result) {
    if (!result) throw std::invalid_argument(result.error().message);
    return std::move(*result);
  };
  topology::GraphDescription description;
  description.graph = options.graph_representation;
  description.conditions = options.graph_conditions;
  description.no_reduce = options.deployments_no_reduce;
  description.addresses = options.executor_addresses;
  PoolOptions pool;
  pool.addresses = options.executor_addresses;
  pool.metadata = options.deployments_metadata;
  pool.timeout_send = options.timeout_send;
  pool.retries = options.retries;
  pool.compression = check(gateway::parse_compression(options.compression));
  auto impl = std::make_unique<GatewayStreamer::Impl>();
  auto graph = check(topology::build_graph(description));
  impl->io = &io;
  impl->own_pool = check(ConnectionPool::make(io, std::move(pool)));
  impl->own_executors = std::make_unique<gateway::ExecutorRouter>(*impl->own_pool, nullptr);
  impl->own_runner = std::make_unique<topology::GraphRunner>(std::move(graph), *impl->own_executors);
  impl->own_endpoints.reset(
      new gateway::EndpointTable(gateway::make_endpoint_table(io, impl->own_runner->graph(), *impl->own_executors)));
  impl->endpoints = impl->own_endpoints.get();
  impl->executors = impl->own_executors.get();
  impl->runner = impl->own_runner.get();
  impl->prefetch = options.prefetch;
  return impl;
}

StreamerOptions options_of_this_flow() {
  Result<StreamerOptions> options = StreamerOptions::from_environment();
  if (!options) throw std::runtime_error(options.error().message);
  return std::move(*options);
}

}  // namespace

void GatewayStreamer::Impl::refuse_calls() {
  const std::unique_lock lock(gate);
  refusing = true;
}

void GatewayStreamer::Impl::close_own() {
  refuse_calls();
  // Closing ends what is in flight; the completions run, then nothing is left that refers to the members.
  boost::asio::post(*io, [this] {
    own_runner->cancel_floating();
    own_endpoints->close();
    own_executors->close();
    own_runner->when_idle([this] { io->stop(); });
  });
  own_thread->work.reset();
}

GatewayStreamer::Impl::~Impl() {
  if (!own_thread) return;
  if (own_thread->thread.joinable()) {  // else destroy() closed it
    close_own();
    own_thread->thread.join();
  }
  own_thread->io.drop_handlers();
}

void GatewayStreamer::Impl::destroy(std::unique_ptr<Impl> impl) {
  if (!impl || !impl->own_thread || impl->own_thread->thread.get_id() != std::this_thread::get_id()) return;
  impl->close_own();
  gateway::OwnIoThread& thread = *impl->own_thread;
  thread.thread.detach();
  thread.last = impl.release();
}

GatewayStreamer::GatewayStreamer(boost::asio::io_context& io, const StreamerOptions& options) : impl_(make_impl(io, options)) {}
GatewayStreamer::GatewayStreamer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
GatewayStreamer::~GatewayStreamer() { Impl::destroy(std::move(impl_)); }

std::unique_ptr<GatewayStreamer> GatewayStreamer::get_streamer() {
  const StreamerOptions options = options_of_this_flow();
  auto own = std::make_unique<gateway::OwnIoThread>();
  auto impl = make_impl(own->io, options);
  own->thread = std::thread([&own = *own] {
    own.io.run();
    delete own.last;  // with `own`
  });
  impl->own_thread = std::move(own);
  return std::make_unique<GatewayStreamer>(std::move(impl));
}

std::unique_ptr<GatewayStreamer> GatewayStreamer::get_streamer(boost::asio::io_context& io) {
  return std::make_unique<GatewayStreamer>(io, options_of_this_flow());
}

boost::asio::io_context& GatewayStreamer::io() const noexcept { return *impl_->io; }

ResponseStream GatewayStreamer::stream(DocumentArray docs, StreamOptions options) {
  return impl_->to_graph(std::move(docs), options);
}

DocsStream GatewayStreamer::stream_docs(DocumentArray docs, StreamOptions options) {
  return DocsStream(impl_->to_graph(std::move(docs), options));
}

ResponseStream GatewayStreamer::stream_doc(Document doc, StreamOptions options) {
  if (impl_->runner->graph().origins().empty())
    throw RequestFailed({StatusCode::kFailedPrecondition, "stream_doc: the Flow has no Executor"});
  return impl_->document_to_graph(doc, options);
}

Task<Result<Bytes>> GatewayStreamer::process_single_data(Bytes request, RequestContext* context) {
  Result<wire::DataRequest> parsed = wire::DataRequest::parse(Buffer(std::move(request)));
  if (!parsed) co_return std::move(parsed).error();
  RequestContext own;
  auto start = [&](UniqueFunction<void(wire::Reply)> done) {
    impl_->runner->run(context != nullptr ? *context : own, std::move(*parsed), std::move(done));
  };
  wire::Reply reply = co_await await_callback<wire::Reply>(start);
  if (!reply.status.ok()) co_return std::move(reply.status);
  co_return reply.response.serialize().flatten();
}

RpcStream GatewayStreamer::rpc_stream(RpcStreamOptions options) {
  streamer::StreamDefaults defaults;
  defaults.prefetch = options.prefetch < 0 ? impl_->prefetch : options.prefetch;
  defaults.results_in_order = options.results_in_order;
  defaults.stub_message = false;
  const auto run = std::make_shared<streamer::RpcRun>(options.context, defaults.prefetch);
  streamer::stream_requests(*impl_->runner, run->context(), run, defaults);
  return RpcStream(run);
}

std::vector<std::string> GatewayStreamer::executors() const { return impl_->executors->names(); }

ExecutorClient GatewayStreamer::executor(std::string_view name) {
  if (impl_->executors->has(name)) return ExecutorClient(*impl_, std::string(name));
  std::string known;
  for (const std::string& each : executors()) known += (known.empty() ? "" : ", ") + each;
  throw std::out_of_range("the Flow has no Executor '" + std::string(name) + "' (there are: " + known + ")");
}

Task<void> GatewayStreamer::close() {
  if (!impl_->own_runner) co_return;
  auto start = [&](UniqueFunction<void(bool)> done) {
    impl_->runner->when_idle([done = std::move(done)]() mutable { done(true); });
  };
  co_await await_callback<bool>(start);
  impl_->own_endpoints->close();
  impl_->executors->close();
}

RpcStream::RpcStream(std::shared_ptr<streamer::RpcRun> run) : run_(std::move(run)) {}
RpcStream::RpcStream(RpcStream&&) noexcept = default;

RpcStream& RpcStream::operator=(RpcStream&& other) noexcept {
  if (this != &other) {
    if (run_) run_->abandon();
    run_ = std::move(other.run_);
  }
  return *this;
}

RpcStream::~RpcStream() {
  if (run_) run_->abandon();
}

Task<bool> RpcStream::write(Bytes request) {
  auto start = [&run = run_, &request](UniqueFunction<void(bool)> taken) {
    run->send(Buffer(std::move(request)), std::move(taken));
  };
  co_return co_await await_callback<bool>(start);
}

void RpcStream::writes_done() { run_->writes_done(); }

Task<std::optional<Bytes>> RpcStream::read() {
  using Answer = streamer::RpcRun::Answer;
  auto start = [run = run_](UniqueFunction<void(Answer)> done) { run->next(std::move(done)); };
  Answer answer = co_await await_callback<Answer>(start);
  if (!answer) throw RequestFailed(std::move(answer).error());
  co_return std::move(*answer);
}

}  // namespace jina
