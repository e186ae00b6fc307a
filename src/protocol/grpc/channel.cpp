#include "protocol/grpc/channel.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <list>

#include "listener/address.hpp"
#include "listener/connector.hpp"
#include "listener/tls_context.hpp"
#include "protocol/grpc/client_call.hpp"

namespace jina::grpc {

using detail::ClientCall;

void CallHandle::cancel() {
  if (const auto call = call_.lock()) call->cancel();
}

namespace {
using namespace std::chrono_literals;
// A refused connection on this machine costs about 50 us, so trying again early is cheap; a restarted peer is found soon.
constexpr auto kFirstBackoff = 20ms;
constexpr auto kLongestBackoff = 1'000ms;
// gRPC servers close connections that send more PINGs than this without any data.
constexpr std::uint32_t kPingsWithoutData = 2;
}  // namespace

struct Channel::Impl : std::enable_shared_from_this<Impl> {
  // One connection and its place in `links`; it outlives its use for new calls while old ones drain.
  struct Link final : http2::ConnectionOwner {
    std::weak_ptr<Impl> impl;
    std::shared_ptr<http2::Connection> connection;
    std::list<std::unique_ptr<Link>>::iterator place;

    std::shared_ptr<http2::StreamObserver> on_stream(http2::Stream&) override { return nullptr; }  // push is disabled
    void on_goaway() override {
      if (const auto owner = impl.lock(); owner && owner->current == this) owner->current = nullptr;
    }
    void on_closed(const std::string&) override {
      if (const auto owner = impl.lock()) owner->drop(*this);
    }
  };

  boost::asio::io_context& io;
  std::string address;
  ChannelOptions options;
  std::shared_ptr<net::TlsContext> tls;
  std::list<std::unique_ptr<Link>> links;
  Link* current = nullptr;
  net::ConnectHandle connecting;
  bool is_connecting = false;
  bool closed = false;
  std::vector<std::shared_ptr<ClientCall>> waiting;  // for the connection
  std::size_t outstanding = 0;
  Status last_error;
  std::chrono::milliseconds backoff = 0ms;
  SteadyTime not_before{};

  Impl(boost::asio::io_context& context, std::string where, ChannelOptions with)
      : io(context), address(std::move(where)), options(std::move(with)) {
    if (options.authority.empty()) options.authority = address;
  }

  std::shared_ptr<ClientCall> make_call(std::string path, CallOptions call_options) {
    ++outstanding;
    return std::make_shared<ClientCall>(io, std::move(path), std::move(call_options), options, [weak = weak_from_this()] {
      if (const auto self = weak.lock()) --self->outstanding;
    });
  }

  void start(const std::shared_ptr<ClientCall>& call) {
    call->start_deadline();
    if (closed) return fail_later(call, {StatusCode::kUnavailable, "the channel to " + address + " is closed"});
    if (current != nullptr && begin(*call)) return;
    if (!is_connecting) {
      if (backoff > 0ms && std::chrono::steady_clock::now() < not_before) return fail_later(call, last_error);
      connect();
    }
    waiting.push_back(call);
  }

  bool begin(ClientCall& call) { return call.begin(*current->connection, options.authority, options.tls ? "https" : "http"); }

  void fail_later(const std::shared_ptr<ClientCall>& call, Status status) {
    boost::asio::post(io, [call, status = std::move(status)]() mutable { call->fail(std::move(status), true); });
  }

  void connect() {
    is_connecting = true;
    net::ConnectTls with;
    if (options.tls) {
      if (!tls) {
        Result<std::shared_ptr<net::TlsContext>> made = net::TlsContext::client({"h2"}, options.ca_file, options.verify);
        if (!made) {
          boost::asio::post(io, [self = shared_from_this(), status = made.error()] { self->connect_failed(status); });
          return;
        }
        tls = *made;
      }
      with.context = tls;
      // The name that stands for an address, if it has one, is whose certificate it is.
      if (options.authority != address) {
        const auto named = net::parse_host_port(options.authority);
        with.server_name = named ? named->host : options.authority;
      }
    }
    connecting = net::connect(io, address, options.connect_timeout, std::move(with),
                              [weak = weak_from_this()](Result<std::unique_ptr<net::Transport>> transport) {
                                const auto self = weak.lock();
                                if (!self || self->closed) return;
                                if (transport) {
                                  self->connected(std::move(*transport));
                                } else {
                                  self->connect_failed(transport.error());
                                }
                              });
  }

  void connected(std::unique_ptr<net::Transport> transport) {
    is_connecting = false;
    backoff = 0ms;
    auto link = std::make_unique<Link>();
    link->impl = weak_from_this();
    http2::ConnectionOptions with;
    with.max_concurrent_streams = 0;
    with.stream_window = 4 << 20;
    with.max_frame_size = 256 * 1024;
    with.keepalive_time = options.keepalive_time;
    with.keepalive_timeout = options.keepalive_timeout;
    with.max_pings_without_data = kPingsWithoutData;
    link->connection = std::make_shared<http2::Connection>(http2::Role::kClient, std::move(transport), with, *link);
    current = link.get();
    links.push_front(std::move(link));
    current->place = links.begin();
    const std::shared_ptr<http2::Connection> connection = current->connection;
    connection->start({});
    for (const auto& call : std::exchange(waiting, {})) {
      if (call->over()) continue;
      if (current == nullptr || !begin(*call)) call->fail({StatusCode::kUnavailable, "Socket closed"}, true);
    }
  }

  void connect_failed(const Status& status) {
    is_connecting = false;
    last_error = {StatusCode::kUnavailable, status.message};
    backoff = backoff == 0ms ? kFirstBackoff : std::min<std::chrono::milliseconds>(backoff * 8 / 5, kLongestBackoff);
    not_before = std::chrono::steady_clock::now() + backoff;
    for (const auto& call : std::exchange(waiting, {})) call->fail(last_error, true);
  }

  void drop(Link& link) {
    if (current == &link) current = nullptr;
    // The connection is still inside its own close(): let it leave first.
    std::unique_ptr<Link> last = std::move(*link.place);
    links.erase(link.place);
    boost::asio::post(io, [last = std::shared_ptr<Link>(std::move(last))] {});
  }

  void reset() {
    backoff = 0ms;
    if (current != nullptr) std::exchange(current, nullptr)->connection->drain();
  }

  void close() {
    if (closed) return;
    closed = true;
    const auto keep = shared_from_this();
    connecting.cancel();
    for (const auto& call : std::exchange(waiting, {}))
      call->fail({StatusCode::kUnavailable, "the channel to " + address + " is closed"}, true);
    current = nullptr;
    // One of them may be closing already, and what it ends called this: none may go before it has left its close().
    const auto last = std::make_shared<std::list<std::unique_ptr<Link>>>(std::exchange(links, {}));
    for (const std::unique_ptr<Link>& link : *last) {
      link->impl.reset();
      const std::shared_ptr<http2::Connection> connection = link->connection;
      connection->abort("the channel is closed");
    }
    boost::asio::post(io, [last] {});
  }
};

Channel::Channel(boost::asio::io_context& io, std::string address, ChannelOptions options)
    : impl_(std::make_shared<Impl>(io, std::move(address), std::move(options))) {}

Channel::~Channel() { impl_->close(); }

const std::string& Channel::address() const noexcept { return impl_->address; }
std::size_t Channel::outstanding() const noexcept { return impl_->outstanding; }

ChannelState Channel::state() const noexcept {
  if (impl_->closed) return ChannelState::kClosed;
  if (impl_->current != nullptr) return ChannelState::kReady;
  if (impl_->is_connecting) return ChannelState::kConnecting;
  const bool waits = impl_->backoff > 0ms && std::chrono::steady_clock::now() < impl_->not_before;
  return waits ? ChannelState::kBackoff : ChannelState::kIdle;
}

CallHandle Channel::unary(std::string_view path, Buffer request, CallOptions options, UniqueFunction<void(UnaryReply)> done) {
  const std::shared_ptr<ClientCall> call = impl_->make_call(std::string(path), std::move(options));
  call->set_unary(std::move(request), std::move(done));
  impl_->start(call);
  return CallHandle(call);
}

std::shared_ptr<ClientStream> Channel::open(std::string_view path, CallOptions options) {
  std::shared_ptr<ClientCall> call = impl_->make_call(std::string(path), std::move(options));
  impl_->start(call);
  return call;
}

void Channel::reset() { impl_->reset(); }
void Channel::close() { impl_->close(); }

}  // namespace jina::grpc
