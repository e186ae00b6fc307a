#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <cmath>
#include <list>
#include <stdexcept>
#include <unordered_map>

#include "app/middleware/path_set.hpp"
#include "app/middleware/support.hpp"
#include "jina/middleware.hpp"

namespace jina::middleware {
namespace {

struct Verdict {
  bool admitted = false;
  std::int64_t remaining = 0;
  std::int64_t reset = 0;  // seconds until the bucket is full
  std::int64_t retry = 0;  // seconds until there is a token
};

std::int64_t seconds_up(double seconds) { return static_cast<std::int64_t>(std::ceil(seconds - 1e-9)); }

// Buckets by client, the one used last in front.
class Buckets {
 public:
  explicit Buckets(RateLimitOptions options)
      : options_(std::move(options)), open_(options_.open), clock_(app::clock_or_real(options_.clock)) {
    if (!(options_.per_second > 0) || !(options_.burst >= 1) || !std::isfinite(options_.per_second) ||
        !std::isfinite(options_.burst))
      throw std::invalid_argument("rate_limit: per_second must be more than 0 and burst at least 1");
    if (options_.max_clients == 0) throw std::invalid_argument("rate_limit: max_clients must not be 0");
    if (!options_.header.empty() && !http::is_token(options_.header))
      throw std::invalid_argument("rate_limit: \"" + options_.header + "\" is no name of a header");
    std::transform(options_.header.begin(), options_.header.end(), options_.header.begin(), http::lower);
  }

  const RateLimitOptions& options() const noexcept { return options_; }
  bool is_open(std::string_view path) const noexcept { return open_.has(path); }

  Verdict take(const HttpRequest& request, const RequestContext& context) {
    Bucket& bucket = find(client_of(request, context));
    const SteadyTime now = clock_.steady_now();
    const double passed = std::chrono::duration<double>(now - bucket.at).count();
    bucket.tokens = std::min(options_.burst, bucket.tokens + passed * options_.per_second);
    bucket.at = now;
    Verdict verdict{bucket.tokens >= 1};
    if (verdict.admitted) {
      bucket.tokens -= 1;
    } else {
      verdict.retry = std::max<std::int64_t>(1, seconds_up((1 - bucket.tokens) / options_.per_second));
    }
    verdict.remaining = static_cast<std::int64_t>(bucket.tokens);
    verdict.reset = seconds_up((options_.burst - bucket.tokens) / options_.per_second);
    return verdict;
  }

 private:
  struct Bucket {
    std::string client;
    double tokens;
    SteadyTime at;
  };

  std::string client_of(const HttpRequest& request, const RequestContext& context) const {
    if (!options_.header.empty())
      if (const std::string_view value = request.header(options_.header); !value.empty()) {
        // Long values are not kept: their hash does.
        if (value.size() > 64) return "#" + std::to_string(std::hash<std::string_view>()(value));
        return "=" + std::string(value);
      }
    const std::string_view address = app::address_of(context.peer);
    boost::system::error_code error;
    const auto ip = boost::asio::ip::make_address(std::string(address), error);
    if (error || !ip.is_v6() || ip.to_v6().is_v4_mapped()) return std::string(address);
    // Whoever has one IPv6 address has the 2^64 of its network.
    const auto bytes = ip.to_v6().to_bytes();
    return {reinterpret_cast<const char*>(bytes.data()), 8};
  }

  Bucket& find(std::string client) {
    const auto known = by_client_.find(client);
    if (known != by_client_.end()) {
      buckets_.splice(buckets_.begin(), buckets_, known->second);
      return buckets_.front();
    }
    if (buckets_.size() >= options_.max_clients) {
      by_client_.erase(buckets_.back().client);
      buckets_.pop_back();
    }
    buckets_.push_front({std::move(client), options_.burst, clock_.steady_now()});
    by_client_.emplace(buckets_.front().client, buckets_.begin());
    return buckets_.front();
  }

  RateLimitOptions options_;
  app::PathSet open_;
  const Clock& clock_;
  std::list<Bucket> buckets_;
  std::unordered_map<std::string_view, std::list<Bucket>::iterator> by_client_;
};

Metadata headers_of(const Verdict& verdict, double burst) {
  return {{"ratelimit-limit", std::to_string(static_cast<std::int64_t>(burst))},
          {"ratelimit-remaining", std::to_string(verdict.remaining)},
          {"ratelimit-reset", std::to_string(verdict.reset)}};
}

Task<HttpResponse> run(Buckets& buckets, HttpRequest& request, RequestContext& context, const Next& next) {
  const Verdict verdict = buckets.take(request, context);
  Metadata headers = headers_of(verdict, buckets.options().burst);
  if (!verdict.admitted) {
    headers.emplace_back("retry-after", std::to_string(verdict.retry));
    throw HttpError(429, "Too Many Requests", std::move(headers));
  }
  Task<HttpResponse> rest = next(request);
  HttpResponse response = co_await std::move(rest);
  for (auto& [name, value] : headers) response.set_header(name, std::move(value));
  co_return response;
}

}  // namespace

Middleware rate_limit(RateLimitOptions options) {
  return
      [buckets = std::make_shared<Buckets>(std::move(options))](HttpRequest& request, RequestContext& context, const Next& next) {
        if (buckets->is_open(request.path)) return next(request);
        return run(*buckets, request, context, next);
      };
}

}  // namespace jina::middleware
