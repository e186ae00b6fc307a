// DnsWatch: keeps the replicas of a deployment what its names resolve to.
//
// A name with several addresses (a headless Service of Kubernetes, a service of Docker Compose with replicas) becomes one replica
// per address, so that calls are balanced among them; a name with one address stays one replica, whose channel resolves it on each
// new connection. Names are asked again in an interval, sooner while a replica fails; while a name can not be resolved, what it led
// to stays.
//
// Thread: one I/O thread. Lifetime: the list outlives it; pending answers do not keep it. Cancellation: close().
#pragma once
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/unique_function.hpp"
#include "connection_pool/replica_list.hpp"

namespace jina {

/// Gives all addresses of a host, numeric, without brackets; none when it can not be resolved. Never within the call.
using ResolveName =
    std::function<void(boost::asio::io_context& io, const std::string& host, UniqueFunction<void(std::vector<std::string>)> done)>;
/// The system's way.
ResolveName system_resolver();

/// Whether an address, "host:port", has a name that may lead to several places.
bool is_watched_name(const std::string& host_port);

class DnsWatch {
 public:
  struct Options {
    ResolveName resolve = system_resolver();
    std::chrono::milliseconds interval{5'000};
    std::chrono::milliseconds interval_when_failing{1'000};
  };

  /// `addresses` are "host:port" as the list got them, names and numbers.
  DnsWatch(boost::asio::io_context& io, ReplicaList& replicas, std::vector<std::string> addresses, MakeChannel make_channel,
           Options options);
  ~DnsWatch();
  DnsWatch(const DnsWatch&) = delete;
  DnsWatch& operator=(const DnsWatch&) = delete;

  void close();

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace jina
