#include "colocation/local_executors.hpp"

#include <utility>

#include "colocation/local_call.hpp"
#include "colocation/local_stream.hpp"

namespace jina::colocation {

LocalExecutors::LocalExecutors(boost::asio::io_context& io, LocalHosts& hosts, LocalCallOptions options)
    : io_(io), hosts_(hosts), options_(std::move(options)) {}

LocalExecutors::~LocalExecutors() = default;

void LocalExecutors::send(RequestContext& context, std::string_view deployment, std::string_view endpoint,
                          wire::DataRequest&& request, wire::ReplyCallback done) {
  std::vector<wire::DataRequest> requests;
  requests.push_back(std::move(request));
  send_list(context, deployment, endpoint, std::move(requests), std::move(done));
}

void LocalExecutors::send_list(RequestContext& context, std::string_view deployment, std::string_view endpoint,
                               std::vector<wire::DataRequest> requests, wire::ReplyCallback done) {
  std::make_shared<LocalCall>(*this, *hosts_.find(deployment), std::move(done))->start(context, endpoint, std::move(requests));
}

void LocalExecutors::stream_doc(RequestContext& context, std::string_view deployment, Buffer request,
                                std::shared_ptr<protocol::RequestStream> stream) {
  LocalHosts::Deployment& found = *hosts_.find(deployment);
  if (!same_thread()) return stream_from_other_thread(io_, hosts_, found, context, std::move(request), std::move(stream));
  found.pick().handler->stream_doc(context, std::move(request), std::move(stream));
}

void LocalExecutors::discover(RequestContext& context, std::string_view deployment, UniqueFunction<void(Result<Buffer>)> done) {
  // The same for all replicas, and constant: no change of thread is needed.
  hosts_.find(deployment)->replicas.front().handler->endpoint_discovery(context, std::move(done));
}

const Metadata& LocalExecutors::metadata_of(std::string_view deployment) const noexcept {
  static const Metadata none;
  const auto found = options_.metadata.find(deployment);
  return found == options_.metadata.end() ? none : found->second;
}

void LocalExecutors::close() {
  while (!waiting_.empty())
    (*waiting_.begin())->fail({StatusCode::kUnavailable, "the gateway is stopping"}, CancelReason::kShutdown);
}

void LocalExecutors::job_ended() {
  if (--jobs_ == 0 && idle_) std::exchange(idle_, nullptr)();
}

void LocalExecutors::when_idle(UniqueFunction<void()> done) {
  if (jobs_ == 0) return done();
  idle_ = std::move(done);
}

}  // namespace jina::colocation
