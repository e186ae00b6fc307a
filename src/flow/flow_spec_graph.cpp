#include "flow/flow_spec_graph.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "flow/flow_spec_members.hpp"

namespace jina::flow {

namespace {

class GraphCheck {
 public:
  GraphCheck(const FlowSpec& flow, config::Diagnostics& diagnostics) : flow_(flow), diagnostics_(diagnostics) {}

  void run() {
    missing_needs();
    find_reached();
    circles();
    unreached();
    for (const auto& spec : flow_.deployments)
      if (spec.needs.size() > 1 && spec.flag("external") && spec.flag("no-reduce"))
        error(spec, "no-reduce", spec.name + ": an external Executor with several needs cannot have no_reduce");
    loose();
  }

 private:
  void error(const DeploymentSpec& spec, std::string_view option, std::string message, std::string hint = {}) {
    diagnostics_.error(spec.source, spec.at(option), std::move(message), std::move(hint));
  }

  void missing_needs() {
    std::vector<std::string> names{"gateway"};
    for (const auto& spec : flow_.deployments) names.push_back(spec.name);
    for (const auto& spec : flow_.deployments)
      for (const auto& need : spec.needs) {
        if (need == spec.name) {
          error(spec, "needs", spec.name + " needs itself");
          blamed_.insert(spec.name);
        } else if (std::find(names.begin(), names.end(), need) == names.end()) {
          error(spec, "needs", spec.name + " needs '" + need + "', which is not in this Flow", config::suggestion(need, names));
          blamed_.insert(spec.name);
        }
      }
  }

  /// What gets requests without waiting for itself. Needs that are blamed already count as there: their fault is told once.
  void find_reached() {
    reached_ = {"gateway"};
    reached_.insert(blamed_.begin(), blamed_.end());
    for (bool changed = true; changed;) {
      changed = false;
      for (const auto& spec : flow_.deployments)
        if (!reached_.contains(spec.name) &&
            std::all_of(spec.needs.begin(), spec.needs.end(), [&](const auto& n) { return reached_.contains(n); }))
          changed = reached_.insert(spec.name).second;
    }
  }

  /// From each Executor that is not reached one goes up along needs that are not reached either, until a name comes again.
  void circles() {
    for (const auto& start : flow_.deployments) {
      if (reached_.contains(start.name)) continue;
      std::vector<std::string> way;
      const auto* at = &start;
      while (at != nullptr && std::find(way.begin(), way.end(), at->name) == way.end()) {
        way.push_back(at->name);
        const auto next =
            std::find_if(at->needs.begin(), at->needs.end(), [&](const auto& need) { return !reached_.contains(need); });
        at = next == at->needs.end() ? nullptr : flow_.find(*next);
      }
      if (at == nullptr) continue;
      std::vector<std::string> circle(std::find(way.begin(), way.end(), at->name), way.end());
      if (std::any_of(circle.begin(), circle.end(), [&](const auto& name) { return in_circle_.contains(name); })) continue;
      in_circle_.insert(circle.begin(), circle.end());
      // It begins with the one that stands first in the file.
      const auto* first = &*std::find_if(flow_.deployments.begin(), flow_.deployments.end(), [&](const auto& spec) {
        return std::find(circle.begin(), circle.end(), spec.name) != circle.end();
      });
      std::rotate(circle.begin(), std::find(circle.begin(), circle.end(), first->name), circle.end());
      circle.push_back(first->name);
      error(*first, "needs", fmt::format("{} waits for itself: {}", first->name, fmt::join(circle, " needs ")),
            "take one of these 'needs' out");
    }
  }

  void unreached() {
    for (const auto& spec : flow_.deployments)
      if (!reached_.contains(spec.name) && !in_circle_.contains(spec.name))
        error(spec, "needs", spec.name + " gets no requests: what it needs waits for itself");
  }

  void loose() {
    if (!blamed_.empty()) return;  // what is misspelt explains the rest
    auto loose = loose_ends(flow_);
    std::erase(loose, flow_.last);
    std::erase_if(loose, [&](const auto& name) { return !reached_.contains(name); });
    for (const auto& name : loose) {
      const auto& spec = *flow_.find(name);
      if (spec.options.text("method") == "inspect") continue;  // hangs on purpose
      diagnostics_.warn(spec.source, spec.at("name"),
                        "nobody receives from " + name + ": requests reach it, its answers are dropped",
                        "join it with 'needs' or say 'floating: true'");
    }
  }

  const FlowSpec& flow_;
  config::Diagnostics& diagnostics_;
  std::set<std::string, std::less<>> blamed_;
  std::set<std::string, std::less<>> reached_;
  std::set<std::string, std::less<>> in_circle_;
};

}  // namespace

void check_graph(const FlowSpec& flow, config::Diagnostics& diagnostics) { GraphCheck(flow, diagnostics).run(); }

}  // namespace jina::flow
