#include "config/uses_config.hpp"

#include "config/load.hpp"

namespace jina::config {

namespace fs = std::filesystem;

namespace {

Status python_file(const std::string& name, const std::string& what) {
  return {StatusCode::kUnimplemented,
          "'" + name + "' is Python, and this program has no Python in it; write the " + what +
              " in C++ (a .cpp file with JINA_MODULE), or start it with Jina itself: jina executor --uses " + name};
}

Status add_module(UsesConfig& config, const fs::path& directory, const std::string& name, const std::string& what,
                  const std::string& place_of_name) {
  const auto prefix = place_of_name.empty() ? "" : place_of_name + ": ";
  const auto path = fs::absolute(directory / name).lexically_normal();
  if (path.extension() == ".py") {
    auto status = python_file(name, what);
    status.message = prefix + status.message;
    return status;
  }
  std::error_code error;
  if (!fs::exists(path, error)) return {StatusCode::kNotFound, prefix + "the module " + path.string() + " does not exist"};
  config.modules.push_back(path);
  return {};
}

Status read_modules(UsesConfig& config, const Node& node, const fs::path& directory, const std::string& what) {
  if (node.is_null()) return {};
  if (node.is_map()) return error_at(config.source, node.position, "py_modules is a file or a list of files, but this is a map");
  if (node.is_scalar())
    return add_module(config, directory, node.to_text(), what, place(config.source, node.position, "py_modules"));
  for (const auto& item : node.items) {
    if (!item.is_text())
      return error_at(config.source, item.position,
                      "py_modules: an item is " + std::string(describe(item.kind)) + ", expected a file");
    if (auto s = add_module(config, directory, item.text, what, place(config.source, item.position, "py_modules")); !s.ok())
      return s;
  }
  return {};
}

Result<boost::json::object> read_map(UsesConfig& config, const Node& node, const char* key) {
  if (node.is_null()) return boost::json::object{};
  if (!node.is_map())
    return error_at(config.source, node.position, std::string(key) + " is a map, but this is " + std::string(describe(node.kind)));
  return node.to_json().as_object();
}

Status read_document(UsesConfig& config, ConfigDocument document, const std::string& what) {
  config.source = document.source;
  Node& root = document.root;
  if (!root.is_map())
    return error_at(config.source, root.position,
                    "a configuration is a map that starts with 'jtype: CLASS', but this is " + std::string(describe(root.kind)));
  const Node type = root.take("jtype");
  if (!type.is_text()) return error_at(config.source, root.position, "the class is missing: start with 'jtype: CLASS' or '!CLASS'");
  config.class_name = type.text;
  auto with = read_map(config, root.take("with"), "with");
  if (!with) return with.error();
  config.with = std::move(*with);
  Node metas = root.take("metas");
  if (!metas.is_map() && !metas.is_null())
    return error_at(config.source, metas.position, "metas is a map, but this is " + std::string(describe(metas.kind)));
  for (const char* key : {"py_modules", "modules"}) {
    if (auto s = read_modules(config, root.take(key), document.directory, what); !s.ok()) return s;
    if (auto s = read_modules(config, metas.take(key), document.directory, what); !s.ok()) return s;
  }
  if (metas.is_map()) config.metas = metas.to_json().as_object();
  config.rest = std::move(root);
  return {};
}

}  // namespace

Result<UsesConfig> load_uses(const std::string& uses, const std::vector<std::string>& modules, const std::string& what) {
  UsesConfig config;
  std::error_code error;
  const auto here = fs::current_path(error);
  for (const auto& name : modules)
    if (auto s = add_module(config, here, name, what, "--py-modules"); !s.ok()) return s;
  SubstituteOptions options;
  options.warnings = &config.warnings;
  switch (classify_uses(uses)) {
    case UsesKind::kNone: break;
    case UsesKind::kClass: {
      // Of module.Class only the class counts: the module is given by its file.
      const auto dot = uses.rfind('.');
      config.class_name = dot == uses.npos ? uses : uses.substr(dot + 1);
      break;
    }
    case UsesKind::kModule:
    case UsesKind::kPython:
      if (auto s = add_module(config, here, uses, what, "--uses"); !s.ok()) return s;
      break;
    case UsesKind::kYamlFile: {
      auto document = load_file(uses, options);
      if (!document) return document.error();
      if (auto s = read_document(config, std::move(*document), what); !s.ok()) return s;
      break;
    }
    case UsesKind::kText: {
      auto document = load_text(uses, "--uses", here, options);
      if (!document) return document.error();
      if (auto s = read_document(config, std::move(*document), what); !s.ok()) return s;
      break;
    }
    case UsesKind::kImage:
      return Status{StatusCode::kUnimplemented,
                    "--uses: '" + uses + "' is a container image; start it with docker and give its address to the gateway"};
    case UsesKind::kHub:
      return Status{StatusCode::kUnimplemented,
                    "--uses: '" + uses + "' is on Jina's Hub; start it with Jina and give its address to the gateway"};
    case UsesKind::kUnknown:
      return Status{StatusCode::kInvalidArgument, "--uses: '" + uses + "' is neither a class name nor a .cpp, .so or .yml file"};
  }
  return config;
}

}  // namespace jina::config
