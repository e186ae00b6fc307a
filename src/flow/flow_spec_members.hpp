// How an item joins a Flow: its name, whom it needs, and what `method` adds around it (joiners, inspectors with their passes).
//
// Thread: plain value. Lifetime: refers to the Flow and the diagnostics. Cancellation: none.
#pragma once
#include <functional>
#include <string>

#include "flow/flow_spec.hpp"

namespace jina::flow {

/// What happens to the answers of Executors that inspect (Jina's words).
enum class InspectMode : std::uint8_t {
  kCollect,  ///< all of them join at the end of the Flow
  kHang,     ///< nobody waits for them
  kRemove,   ///< they are left out
};

class FlowMembers {
 public:
  /// `make_plain` makes an item as an empty map would: what the Flow itself adds.
  FlowMembers(FlowSpec& flow, InspectMode inspect, config::Diagnostics& diagnostics, std::function<DeploymentSpec()> make_plain)
      : flow_(flow), inspect_(inspect), diagnostics_(diagnostics), make_plain_(std::move(make_plain)) {}

  void add(DeploymentSpec spec);
  /// After the last item.
  void finish();

 private:
  void error(const DeploymentSpec& spec, std::string_view option, std::string message, std::string hint = {}) {
    diagnostics_.error(spec.source, spec.at(option), std::move(message), std::move(hint));
  }
  void name(DeploymentSpec& spec, const std::string& otherwise);
  void take_needs(DeploymentSpec& spec, const std::string& method);
  void check_numbers(const DeploymentSpec& spec);
  void push(DeploymentSpec spec);
  void add_inspector(DeploymentSpec spec);
  /// Joins the last and all that inspect.
  void gather(DeploymentSpec spec);

  FlowSpec& flow_;
  InspectMode inspect_;
  config::Diagnostics& diagnostics_;
  std::function<DeploymentSpec()> make_plain_;
  std::vector<std::string> inspectors_{};
};

/// Not floating, and nobody needs them: their answers go nowhere.
std::vector<std::string> loose_ends(const FlowSpec& flow);

}  // namespace jina::flow
