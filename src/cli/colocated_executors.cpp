#include "cli/colocated_executors.hpp"

#include <fmt/format.h>

#include <boost/json/serialize.hpp>
#include <filesystem>
#include <set>
#include <string>
#include <string_view>

#include "cli/executor_class.hpp"
#include "config/load.hpp"
#include "config/option_sets.hpp"
#include "config/yaml_reader.hpp"

namespace jina::cli {
namespace {

// Of the arguments of an Executor, what matters where it has no process and no port of its own.
const std::set<std::string_view>& meaningful() {
  static const std::set<std::string_view> names{
      "uses",       "uses-with", "uses-metas",         "uses-requests", "uses-dynamic-batching",
      "py-modules", "replicas",  "extra-search-paths", "compile-flags", "packages",
      "workspace",  "name",      "allow-concurrent"};
  return names;
}

class Loader {
 public:
  Loader(const Console& console, Registry& registry) : console_(console), registry_(registry) {}

  Result<colocation::LocalExecutor> load(const std::string& name, const boost::json::value& item) {
    const std::string where = "--colocate: " + name;
    if (!item.is_object())
      return Status{StatusCode::kInvalidArgument, where + ": expected an object of arguments, {\"uses\": \"upper.cpp\"}"};
    config::OptionBag bag(config::executor_options());
    if (Status status = read(bag, item, where); !status.ok()) return status;
    bag.set_value("name", boost::json::string(name));
    auto found = load_executor_class(console_, "gateway", bag, registry_);
    if (!found) return Status{found.error().code, where + ": " + found.error().message};
    if (registry_.contains("Gateway", found->uses) && !registry_.contains("Executor", found->uses))
      return Status{StatusCode::kInvalidArgument, where + ": '" + found->uses + "' is a Gateway, not an Executor"};
    colocation::LocalExecutor executor;
    executor.replicas = static_cast<int>(bag.integer("replicas", 1));
    if (executor.replicas < 1)
      return Status{StatusCode::kInvalidArgument, fmt::format("{}: replicas: {} is less than 1", where, executor.replicas)};
    executor.make = [&registry = registry_, uses = found->uses, with = found->uses_with] {
      return registry.make<Executor>(uses, with);
    };
    executor.options = std::move(*found);
    return executor;
  }

 private:
  // JSON is YAML: its values are read and checked as those of a file are.
  Status read(config::OptionBag& bag, const boost::json::value& item, const std::string& where) {
    auto node = config::read_yaml(boost::json::serialize(item), where);
    if (!node) return node.error();
    auto unknown = config::set_from_map(bag, *node, where);
    if (!unknown) return unknown.error();
    if (!unknown->empty())
      return {StatusCode::kInvalidArgument,
              where + ": '" + unknown->front()->key + "' is no argument of an Executor; see jina executor --help"};
    if (bag.integer("shards", 1) > 1)
      return {StatusCode::kUnimplemented, where +
                                              ": shards: an Executor in the gateway's process can not have any; leave out "
                                              "colocate or shards"};
    std::string idle;
    for (const config::OptionSpec* spec : bag.set_options())
      if (!meaningful().contains(spec->name())) idle += (idle.empty() ? "" : ", ") + spec->name();
    if (!idle.empty()) console_.warn("gateway", where + ": no effect in the gateway's process: " + idle);
    return {};
  }

  const Console& console_;
  Registry& registry_;
};

}  // namespace

Result<std::vector<colocation::LocalExecutor>> load_colocated(const Console& console, const boost::json::object& colocate,
                                                              Registry& registry) {
  Loader loader(console, registry);
  std::vector<colocation::LocalExecutor> executors;
  for (const auto& entry : colocate) {
    Result<colocation::LocalExecutor> executor = loader.load(std::string(entry.key()), entry.value());
    if (!executor) return std::move(executor).error();
    executors.push_back(std::move(*executor));
  }
  return executors;
}

}  // namespace jina::cli
