#include "client/connections.hpp"

#include <boost/json/parse.hpp>

#include "base/letter_case.hpp"

namespace jina::client {
namespace {

grpc::Compression compression_of(std::string_view name) {
  if (name == "Gzip") return grpc::Compression::kGzip;
  if (name == "Deflate") return grpc::Compression::kDeflate;
  return grpc::Compression::kIdentity;
}

/// The paths of an OpenAPI description that can be posted to.
std::set<std::string, std::less<>> posted_paths(std::string_view openapi) {
  std::set<std::string, std::less<>> out;
  boost::system::error_code error;
  const auto json = boost::json::parse(openapi, error);
  if (error || !json.is_object()) return out;
  const auto* paths = json.get_object().if_contains("paths");
  if (paths == nullptr || !paths->is_object()) return out;
  for (const auto& [path, methods] : paths->get_object())
    if (methods.is_object() && methods.get_object().contains("post")) out.emplace(path);
  return out;
}

}  // namespace

Connections::Connections(boost::asio::io_context& io, Target target, ClientOptions options)
    : io_(io), target_(std::move(target)), options_(std::move(options)), url_(target_.url()) {}

Metadata Connections::metadata_with(const Metadata& of_the_post) const {
  Metadata metadata = options_.metadata;
  metadata.insert(metadata.end(), of_the_post.begin(), of_the_post.end());
  if (target_.protocol == Protocol::kGrpc)
    for (auto& [name, value] : metadata) name = lower_case(name);
  return metadata;
}

grpc::Channel& Connections::channel() {
  if (!channel_) {
    grpc::ChannelOptions options;
    options.tls = target_.tls;
    options.ca_file = target_.ca_file;
    options.verify = target_.verify;
    options.compression = compression_of(options_.compression);
    channel_ = std::make_unique<grpc::Channel>(io_, target_.address(), std::move(options));
  }
  return *channel_;
}

std::unique_ptr<HttpClient> Connections::http() {
  if (idle_.empty()) return std::make_unique<HttpClient>(target_);
  auto http = std::move(idle_.back());
  idle_.pop_back();
  return http;
}

Task<std::string> Connections::http_path(std::string endpoint, std::optional<std::chrono::milliseconds> limit) {
  const auto self = shared_from_this();
  if (!posted_paths_) {
    auto connection = http();
    HttpRequest request;
    request.path = "/openapi.json";
    request.headers = options_.metadata;
    auto response = co_await connection->send(std::move(request), limit);
    // Nobody there: the request itself will say so, and the next one ask again.
    if (response.ok())
      posted_paths_ = response->status == 200 ? posted_paths(response->body) : std::set<std::string, std::less<>>{};
    if (response.ok()) keep(std::move(connection));
  }
  std::string path = "/" + endpoint.substr(std::min(endpoint.find_first_not_of('/'), endpoint.size()));
  if (posted_paths_ && path != "/" && posted_paths_->contains(path)) co_return path;
  if (posted_paths_ && posted_paths_->contains("/default")) co_return "/default";
  co_return "/post";
}

}  // namespace jina::client
