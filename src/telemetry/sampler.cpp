#include "telemetry/sampler.hpp"

#include <charconv>
#include <cmath>
#include <string>

namespace jina::telemetry {
namespace {

constexpr std::string_view kParentBased = "parentbased_";

}  // namespace

Result<Sampler> Sampler::parse(std::string_view name, std::string_view argument) {
  Sampler sampler;
  if (name.empty()) return sampler;
  std::string_view root = name;
  sampler.follows_parent_ = root.starts_with(kParentBased);
  if (sampler.follows_parent_) root.remove_prefix(kParentBased.size());
  if (root == "always_on") return sampler;
  sampler.all_ = false;
  if (root == "always_off") return sampler;
  if (root != "traceidratio")
    return Status{StatusCode::kInvalidArgument,
                  "OTEL_TRACES_SAMPLER is '" + std::string(name) +
                      "'; write always_on, always_off, traceidratio, or one of them behind parentbased_"};
  double ratio = 1;
  const char* end = argument.data() + argument.size();
  const auto [stop, error] = std::from_chars(argument.data(), end, ratio);
  if (!argument.empty() && (error != std::errc{} || stop != end || !(ratio >= 0 && ratio <= 1)))
    return Status{StatusCode::kInvalidArgument,
                  "OTEL_TRACES_SAMPLER_ARG is '" + std::string(argument) + "'; write a number from 0 to 1"};
  sampler.all_ = ratio >= 1;
  if (!sampler.all_) sampler.bound_ = static_cast<std::uint64_t>(std::ldexp(ratio, 64));
  return sampler;
}

bool Sampler::sample(const TraceContext& parent, const TraceId& trace_id) const noexcept {
  if (follows_parent_ && parent.valid()) return parent.sampled();
  if (all_) return true;
  std::uint64_t low = 0;
  for (std::size_t i = 8; i < 16; ++i) low = low << 8 | trace_id[i];
  return low < bound_;
}

}  // namespace jina::telemetry
