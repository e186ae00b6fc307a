#include "flow_api/arguments_json.hpp"

#include <boost/json/value_from.hpp>

namespace jina::flow_api {
namespace {

namespace json = boost::json;

class Keys {
 public:
  void set(const char* key, std::string text) {
    if (!text.empty()) out_[key] = std::move(text);
  }
  void set(const char* key, json::object value) {
    if (!value.empty()) out_[key] = std::move(value);
  }
  void set(const char* key, bool value) {
    if (value) out_[key] = true;
  }
  void set(const char* key, int value, int otherwise) {
    if (value != otherwise) out_[key] = value;
  }
  /// A single one is written as such.
  template <class T>
  void set(const char* key, std::vector<T> values) {
    if (values.size() == 1)
      out_[key] = json::value_from(values.front());
    else if (!values.empty())
      out_[key] = json::value_from(values);
  }
  void set(const char* key, const std::vector<std::uint16_t>& ports) {
    set(key, std::vector<std::int64_t>(ports.begin(), ports.end()));
  }
  /// `more` wins.
  json::object with(json::object more) && {
    for (auto& member : more) out_[member.key()] = std::move(member.value());
    return std::move(out_);
  }
  json::object& object() { return out_; }

 private:
  json::object out_;
};

}  // namespace

json::object to_json(FlowOptions options) {
  Keys keys;
  keys.set("name", std::move(options.name));
  keys.set("env", std::move(options.env));
  keys.set("workspace", std::move(options.workspace));
  keys.set("log_config", std::move(options.log_config));
  keys.set("inspect", std::move(options.inspect));
  return std::move(keys).with(std::move(options.more));
}

json::object to_json(GatewayArguments arguments) {
  Keys keys;
  keys.set("uses", std::move(arguments.uses));
  keys.set("uses_with", std::move(arguments.uses_with));
  keys.set("py_modules", std::move(arguments.py_modules));
  keys.set("protocol", std::move(arguments.protocol));
  keys.set("port", arguments.port);
  keys.set("cors", arguments.cors);
  keys.set("title", std::move(arguments.title));
  keys.set("description", std::move(arguments.description));
  return std::move(keys).with(std::move(arguments.more));
}

json::object to_json(ExecutorArguments arguments) {
  Keys keys;
  keys.set("name", std::move(arguments.name));
  keys.set("uses", std::move(arguments.uses));
  keys.set("uses_with", std::move(arguments.uses_with));
  keys.set("py_modules", std::move(arguments.py_modules));
  keys.set("needs", std::move(arguments.needs));
  keys.set("replicas", arguments.replicas, 1);
  keys.set("shards", arguments.shards, 1);
  if (!arguments.polling.is_null()) keys.object()["polling"] = std::move(arguments.polling);
  keys.set("uses_before", std::move(arguments.uses_before));
  keys.set("uses_after", std::move(arguments.uses_after));
  keys.set("uses_dynamic_batching", std::move(arguments.uses_dynamic_batching));
  keys.set("when", std::move(arguments.when));
  keys.set("env", std::move(arguments.env));
  keys.set("floating", arguments.floating);
  keys.set("colocate", arguments.colocate);
  keys.set("external", arguments.external);
  keys.set("host", std::move(arguments.host));
  keys.set("port", arguments.port);
  keys.set("python", std::move(arguments.python));
  return std::move(keys).with(std::move(arguments.more));
}

}  // namespace jina::flow_api
