#include "connection_pool/dns_watch.hpp"

#include <algorithm>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "listener/address.hpp"

namespace jina {

namespace asio = boost::asio;
using asio::ip::tcp;

ResolveName system_resolver() {
  return [](asio::io_context& io, const std::string& host, UniqueFunction<void(std::vector<std::string>)> done) {
    // Asio asks on a helper thread of its own.
    auto resolver = std::make_shared<tcp::resolver>(io);
    resolver->async_resolve(
        host, "",
        [resolver, done = std::move(done)](boost::system::error_code error, const tcp::resolver::results_type& found) mutable {
          std::vector<std::string> addresses;
          if (!error)
            for (const auto& entry : found) {
              const auto address = entry.endpoint().address();
              // The system puts the family that works first; a host with both is to count once.
              if (address.is_v6() == found.begin()->endpoint().address().is_v6()) addresses.push_back(address.to_string());
            }
          done(std::move(addresses));
        });
  };
}

bool is_watched_name(const std::string& host_port) {
  const auto parsed = net::parse_host_port(host_port);
  if (!parsed || parsed->host == "localhost") return false;
  boost::system::error_code not_numeric;
  asio::ip::make_address(parsed->host, not_numeric);
  return static_cast<bool>(not_numeric);
}

struct DnsWatch::Impl : std::enable_shared_from_this<Impl> {
  struct Name {
    std::string host_port;
    std::string host{};  ///< empty: a number, which is what it is
    std::string port{};
    std::vector<std::string> places{};  ///< "address:port" that it leads to
    bool many = false;                  ///< it has led to several: then each counts, even when one is left
    bool lost = false;                  ///< the last question had no answer
  };

  Impl(asio::io_context& io, ReplicaList& list, MakeChannel make, Options with)
      : io_(io), replicas(&list), make_channel(std::move(make)), options(std::move(with)), timer(io) {}

  void ask() {
    waiting = 0;
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (names[i].host.empty()) continue;
      ++waiting;
      options.resolve(io_, names[i].host, [weak = weak_from_this(), i](std::vector<std::string> found) {
        if (const auto self = weak.lock(); self && self->replicas != nullptr) self->on_answer(i, std::move(found));
      });
    }
  }

  void on_answer(std::size_t index, std::vector<std::string> found) {
    auto& name = names[index];
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    name.lost = found.empty();
    name.many = name.many || found.size() > 1;
    if (!found.empty() && name.many) {
      name.places.clear();
      for (const auto& address : found)
        name.places.push_back((address.find(':') != std::string::npos ? "[" + address + "]" : address) + ":" + name.port);
    }
    if (--waiting > 0) return;
    update();
    timer.expires_after(is_failing() ? options.interval_when_failing : options.interval);
    timer.async_wait([weak = weak_from_this()](boost::system::error_code error) {
      if (const auto self = weak.lock(); self && !error && self->replicas != nullptr) self->ask();
    });
  }

  void update() {
    std::vector<ReplicaAddress> wanted;
    for (const auto& name : names) {
      if (name.places.empty()) wanted.push_back({name.host_port, name.host_port});
      for (const auto& place : name.places) wanted.push_back({place, name.host_port});
    }
    replicas->replace(wanted, make_channel, std::chrono::steady_clock::now());
  }

  bool is_failing() const {
    return std::any_of(names.begin(), names.end(), [](const Name& name) { return name.lost; }) || replicas->has_suspects();
  }

  asio::io_context& io_;
  ReplicaList* replicas;  ///< null: closed
  MakeChannel make_channel;
  Options options;
  asio::steady_timer timer;
  std::vector<Name> names{};
  std::size_t waiting = 0;
};

DnsWatch::DnsWatch(asio::io_context& io, ReplicaList& replicas, std::vector<std::string> addresses, MakeChannel make_channel,
                   Options options)
    : impl_(std::make_shared<Impl>(io, replicas, std::move(make_channel), std::move(options))) {
  for (auto& address : addresses) {
    Impl::Name name{.host_port = address};
    if (is_watched_name(address)) {
      name.host = net::parse_host_port(address)->host;
      name.port = address.substr(address.rfind(':') + 1);
    }
    impl_->names.push_back(std::move(name));
  }
  // Not before the event loop runs: whoever made the pool may still be busy with it.
  asio::post(io, [weak = std::weak_ptr<Impl>(impl_)] {
    if (const auto self = weak.lock(); self && self->replicas != nullptr) self->ask();
  });
}

DnsWatch::~DnsWatch() { close(); }

void DnsWatch::close() {
  impl_->replicas = nullptr;
  impl_->timer.cancel();
}

}  // namespace jina
