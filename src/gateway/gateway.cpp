#include "jina/gateway.hpp"

#include <stdexcept>

#include "gateway/injected.hpp"

namespace jina {

thread_local std::shared_ptr<Gateway::Injected> Gateway::Injected::next;

Gateway::Gateway() : injected_(Injected::next) {}
Gateway::~Gateway() = default;

const Gateway::Injected& Gateway::injected() const {
  if (!injected_)
    throw std::logic_error(
        "this Gateway was not made by the runtime, so there is nothing to give: register its class (JINA_MODULE, or jina::main) "
        "and "
        "start it with 'jina gateway --uses CLASS'");
  return *injected_;
}

const GatewayRuntimeArgs& Gateway::runtime_args() const { return injected().args; }
const Logger& Gateway::logger() const { return injected().logger; }
TracerProvider& Gateway::tracer_provider() const { return *injected().provider; }
Tracer Gateway::tracer() const { return injected().tracer; }
Metrics Gateway::metrics() const { return injected().metrics; }
GatewayStreamer& Gateway::streamer() const { return injected().core->streamer(); }
ExecutorClient Gateway::executor(std::string_view name) const { return streamer().executor(name); }
boost::asio::io_context& Gateway::io() const { return *injected().io; }

}  // namespace jina
