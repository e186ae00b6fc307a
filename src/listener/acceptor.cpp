#include "listener/acceptor.hpp"

#include <spdlog/spdlog.h>
#include <sys/socket.h>

#include <boost/asio/ip/v6_only.hpp>
#include <cerrno>
#include <utility>

#include "listener/local_twin.hpp"

namespace jina::net {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr std::chrono::milliseconds kPause{100};  // after an error that goes away by itself, such as too many open files
constexpr std::chrono::seconds kLogEvery{5};

bool set_option(tcp::acceptor& acceptor, int name) {
  const int on = 1;
  return ::setsockopt(acceptor.native_handle(), SOL_SOCKET, name, &on, sizeof on) == 0;
}

Status bind_error(const AcceptorOptions& options, const error_code& error) {
  const std::string where = options.host + ":" + std::to_string(options.port);
  if (error == asio::error::address_in_use)
    return {StatusCode::kAlreadyExists,
            "port " + std::to_string(options.port) + " on host " + options.host +
                " is already in use; stop the program that listens there or choose another port (0 takes a free one)"};
  if (error == asio::error::access_denied)
    return {StatusCode::kPermissionDenied,
            "no permission to listen on " + where + "; ports below 1024 need privileges, choose a higher one"};
  if (error == error_code(EADDRNOTAVAIL, boost::system::system_category()))
    return {StatusCode::kInvalidArgument, "can not listen on " + where + ": this machine has no such address; use 0.0.0.0 for all"};
  return {StatusCode::kUnavailable, "can not listen on " + where + ": " + error.message()};
}

}  // namespace

struct Acceptor::State : std::enable_shared_from_this<State> {
  State(asio::io_context& context, AcceptorOptions given) : io(context), options(std::move(given)), acceptor(io), pause(io) {}

  Result<tcp::endpoint> resolve() {
    error_code error;
    const auto ip = asio::ip::make_address(options.host, error);
    if (!error) return tcp::endpoint(ip, options.port);
    // At start-up, before anything is served: the one place where resolving may wait.
    tcp::resolver resolver(io);
    const auto results = resolver.resolve(options.host, std::to_string(options.port), tcp::resolver::numeric_service, error);
    if (error || results.empty())
      return Status{StatusCode::kInvalidArgument, "unknown host '" + options.host + "' to listen on: " + error.message() +
                                                      "; use a name or an address of this machine, or 0.0.0.0 for all"};
    return results.begin()->endpoint();
  }

  error_code bind(const tcp::endpoint& endpoint) {
    error_code error;
    acceptor.open(endpoint.protocol(), error);
    if (error) return error;
    close_on_exec(acceptor.native_handle());
    const auto system_error = [] { return error_code(errno, boost::system::system_category()); };
    if (!set_option(acceptor, SO_REUSEADDR)) return system_error();
    if (options.share_port && !set_option(acceptor, SO_REUSEPORT)) return system_error();
    if (endpoint.address().is_v6()) acceptor.set_option(asio::ip::v6_only(false), error);
    acceptor.bind(endpoint, error);
    if (error) return error;
    // Set only after the bind, which so was exclusive: sockets bound later may join, none was there before.
    if (!options.share_port && !set_option(acceptor, SO_REUSEPORT)) return system_error();
    return error;
  }

  error_code bind_and_listen(const tcp::endpoint& endpoint) {
    error_code error = bind(endpoint);
    if (!error) acceptor.listen(options.backlog, error);
    return error;
  }

  void accept() {
    accept_from(acceptor, accepting);
    if (twin) accept_from(*twin, accepting_twin);
  }

  template <class AnyAcceptor>
  void accept_from(AnyAcceptor& from, bool& waiting) {
    if (waiting || !on_accept || !from.is_open() || count >= options.max_connections) return;
    waiting = true;
    from.async_accept([self = shared_from_this(), &from, &waiting](error_code error, auto socket) {
      waiting = false;
      if (!from.is_open()) return;
      if (error) return self->on_error(error);
      // The other door stays shut while there is no room.
      if (++self->count >= self->options.max_connections) self->cancel_accepts();
      self->on_accept(std::move(socket));
      self->accept();
    });
  }

  void cancel_accepts() {
    error_code ignored;
    acceptor.cancel(ignored);
    if (twin) twin->cancel(ignored);
  }

  void on_error(const error_code& error) {
    // Cancelled, or the peer was gone before it was accepted: nothing is wrong here.
    if (error == asio::error::operation_aborted || error == asio::error::connection_aborted ||
        error == error_code(EPROTO, boost::system::system_category()))
      return accept();
    const auto now = std::chrono::steady_clock::now();
    if (now - last_log >= kLogEvery) {
      last_log = now;
      spdlog::warn("can not accept connections on {}:{}: {}; {} are open, trying again", options.host, options.port,
                   error.message(), count);
    }
    pause.expires_after(kPause);
    pause.async_wait([self = shared_from_this()](error_code cancelled) {
      if (!cancelled) self->accept();
    });
  }

  void close() {
    error_code ignored;
    if (twin) twin->close(ignored);
    acceptor.close(ignored);
    pause.cancel();
  }

  asio::io_context& io;
  AcceptorOptions options;
  tcp::acceptor acceptor;
  std::optional<asio::local::stream_protocol::acceptor> twin;
  asio::steady_timer pause;
  OnAccept on_accept;
  std::size_t count = 0;
  bool accepting = false;
  bool accepting_twin = false;
  std::chrono::steady_clock::time_point last_log{};
};

Acceptor::Acceptor(asio::io_context& io, AcceptorOptions options) : state_(std::make_shared<State>(io, std::move(options))) {}

Acceptor::~Acceptor() { stop(); }

Result<std::uint16_t> Acceptor::listen() {
  const Result<tcp::endpoint> endpoint = state_->resolve();
  if (!endpoint.ok()) return endpoint.error();
  if (const error_code error = state_->bind_and_listen(*endpoint)) {
    state_->close();
    return bind_error(state_->options, error);
  }
  error_code ignored;
  const tcp::endpoint bound = state_->acceptor.local_endpoint(ignored);
  if (state_->options.local_twin) state_->twin = listen_twin(state_->io, bound, state_->options.backlog);
  return state_->options.port = bound.port();
}

void Acceptor::start(OnAccept on_accept) {
  state_->on_accept = std::move(on_accept);
  state_->accept();
}

void Acceptor::connection_closed() {
  --state_->count;
  state_->accept();
}

void Acceptor::stop() { state_->close(); }

std::size_t Acceptor::connection_count() const noexcept { return state_->count; }

Result<std::uint16_t> probe_port(asio::io_context& io, const std::string& host, std::uint16_t port) {
  Acceptor::State state(io, {.host = host, .port = port});
  const Result<tcp::endpoint> endpoint = state.resolve();
  if (!endpoint.ok()) return endpoint.error();
  if (const error_code error = state.bind(*endpoint)) return bind_error(state.options, error);
  error_code ignored;
  return state.acceptor.local_endpoint(ignored).port();
}

}  // namespace jina::net
