// Connections: what the posts of one client share: where it connects to, the gRPC channel, the HTTP connections that are kept.
//
// Thread: one I/O thread. Lifetime: shared by the client, its streams and what runs for them. Cancellation: none.
#pragma once
#include <boost/asio/io_context.hpp>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "client/http_client.hpp"
#include "client/target.hpp"
#include "jina/client.hpp"
#include "protocol/grpc/channel.hpp"

namespace jina::client {

class Connections : public std::enable_shared_from_this<Connections> {
 public:
  Connections(boost::asio::io_context& io, Target target, ClientOptions options);

  boost::asio::io_context& io() noexcept { return io_; }
  const Target& target() const noexcept { return target_; }
  const ClientOptions& options() const noexcept { return options_; }
  const std::string& url() const noexcept { return url_; }
  /// What goes with a post: the client's, then its own; over gRPC with names in lower case, which it insists on.
  Metadata metadata_with(const Metadata& of_the_post) const;

  /// Made on first use.
  grpc::Channel& channel();
  /// A connection that nobody uses; give it back with keep().
  std::unique_ptr<HttpClient> http();
  void keep(std::unique_ptr<HttpClient> http) { idle_.push_back(std::move(http)); }

  /// Where a request for `endpoint` is posted to, by the server's /openapi.json, which is asked once: "/endpoint" when it has that
  /// path, "/default" when it has that one, else "/post".
  Task<std::string> http_path(std::string endpoint, std::optional<std::chrono::milliseconds> limit);

 private:
  boost::asio::io_context& io_;
  Target target_;
  ClientOptions options_;
  std::string url_;
  std::unique_ptr<grpc::Channel> channel_{};
  std::vector<std::unique_ptr<HttpClient>> idle_{};
  std::optional<std::set<std::string, std::less<>>> posted_paths_{};
};

}  // namespace jina::client
