#include "config/uses_config.hpp"

#include "config/load.hpp"
#include "config/option_sets.hpp"
#include "config/option_value.hpp"
#include "config/search_path.hpp"

namespace jina::config {

namespace fs = std::filesystem;

std::string python_advice(const std::string& file, const std::string& what) {
  const std::string command = what == "gateway" ? "gateway" : "executor";
  return "'" + file + "' is Python, and this program has no Python in it. Either write the " + what +
         " in C++ and name its .cpp here ('jina new " + command +
         " NAME' starts one), or keep it and start it with Python's Jina: python -m jina " + command + " --uses " + file;
}

namespace {

class Reader {
 public:
  Reader(std::string what, const std::vector<std::string>& search_paths) : what_(std::move(what)), search_paths_(search_paths) {}

  /// `where` starts the error: "--py-modules", "config.yml:2:13: py_modules".
  Status add_module(const SearchPath& search, const std::string& name, const std::string& where) {
    if (name.ends_with(".py")) return {StatusCode::kUnimplemented, where + ": " + python_advice(name, what_)};
    auto path = search.find_module(name);
    if (!path) return {path.error().code, where + ": " + path.error().message};
    config.modules.push_back(std::move(*path));
    return {};
  }

  Status read(ConfigDocument document) {
    config.source = document.source;
    Node& root = document.root;
    if (!root.is_map())
      return error_at(config.source, root.position,
                      "a configuration is a map that starts with 'jtype: CLASS', but this is " + std::string(describe(root.kind)));
    const Node type = root.take("jtype");
    if (!type.is_text())
      return error_at(config.source, root.position, "the class is missing: start with 'jtype: CLASS' or '!CLASS'");
    config.class_name = type.text;
    const Node with_node = root.take("with");
    for (const auto& entry : with_node.entries) config.with_places[entry.key] = entry.position;
    auto with = read_map(with_node, "with");
    if (!with) return with.error();
    config.with = std::move(*with);
    Node metas = root.take("metas");
    if (!metas.is_map() && !metas.is_null())
      return error_at(config.source, metas.position, "metas is a map, but this is " + std::string(describe(metas.kind)));
    const SearchPath search(document.directory, search_paths_);
    for (const char* key : {"py_modules", "modules"})
      for (Node* map : {&root, &metas})
        if (auto s = read_modules(map->take(key), key, search); !s.ok()) return s;
    if (auto s = read_words(root.take("compile_flags"), "compile-flags", config.compile_flags); !s.ok()) return s;
    if (auto s = read_words(root.take("packages"), "packages", config.packages); !s.ok()) return s;
    if (metas.is_map()) config.metas = metas.to_json().as_object();
    config.rest = std::move(root);
    return {};
  }

  UsesConfig config;

 private:
  Status read_modules(const Node& node, const char* key, const SearchPath& search) {
    if (node.is_null()) return {};
    if (node.is_map())
      return error_at(config.source, node.position, std::string(key) + " is a file or a list of files, but this is a map");
    if (node.is_scalar()) return add_module(search, node.to_text(), place(config.source, node.position, key));
    for (const auto& item : node.items) {
      if (!item.is_text())
        return error_at(config.source, item.position,
                        std::string(key) + ": an item is " + std::string(describe(item.kind)) + ", expected a file");
      if (auto s = add_module(search, item.text, place(config.source, item.position, key)); !s.ok()) return s;
    }
    return {};
  }

  /// As the argument `option` of the command line reads its value in YAML.
  Status read_words(const Node& node, const char* option, std::vector<std::string>& to) {
    if (node.is_null()) return {};
    const OptionSpec& spec = *executor_options().find(option);
    std::string key = option;
    for (char& c : key) c = c == '-' ? '_' : c;
    auto value = option_value_from_node(spec, node, place(config.source, node.position, key));
    if (!value) return value.error();
    for (const auto& word : value->as_array()) to.emplace_back(word.as_string());
    return {};
  }

  Result<boost::json::object> read_map(const Node& node, const char* key) {
    if (node.is_null()) return boost::json::object{};
    if (!node.is_map())
      return error_at(config.source, node.position,
                      std::string(key) + " is a map, but this is " + std::string(describe(node.kind)));
    return node.to_json().as_object();
  }

  std::string what_;
  const std::vector<std::string>& search_paths_;
};

}  // namespace

Result<UsesConfig> load_uses(const std::string& uses, const std::vector<std::string>& modules, const std::string& what,
                             const std::vector<std::string>& search_paths) {
  Reader reader(what, search_paths);
  UsesConfig& config = reader.config;
  const SearchPath search({}, search_paths);
  for (const auto& name : modules)
    if (auto s = reader.add_module(search, name, "--py-modules"); !s.ok()) return s;
  SubstituteOptions options;
  options.warnings = &config.warnings;
  std::error_code error;
  switch (classify_uses(uses)) {
    case UsesKind::kNone: break;
    case UsesKind::kClass: {
      // Of module.Class only the class counts: the module is given by its file.
      const auto dot = uses.rfind('.');
      config.class_name = dot == std::string::npos ? uses : uses.substr(dot + 1);
      break;
    }
    case UsesKind::kModule:
    case UsesKind::kPython:
      if (auto s = reader.add_module(search, uses, "--uses"); !s.ok()) return s;
      break;
    case UsesKind::kYamlFile: {
      // As it was given where it is there, for messages; a file that is nowhere gets the reader's own words.
      const auto found = fs::exists(uses, error) ? Result<fs::path>(uses) : search.find(uses);
      auto document = load_file(found ? *found : fs::path(uses), options);
      if (!document) return document.error();
      if (auto s = reader.read(std::move(*document)); !s.ok()) return s;
      break;
    }
    case UsesKind::kText: {
      auto document = load_text(uses, "--uses", fs::current_path(error), options);
      if (!document) return document.error();
      if (auto s = reader.read(std::move(*document)); !s.ok()) return s;
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
  return std::move(config);
}

}  // namespace jina::config
