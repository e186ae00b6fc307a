#include "flow/file_search.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>

#include "config/load.hpp"
#include "config/search_path.hpp"

namespace jina::flow {

namespace fs = std::filesystem;

namespace {

using config::SearchPath;

Status add_module(UsedFiles& files, const SearchPath& search, const std::string& name) {
  auto path = search.find_module(name);
  if (!path) return path.error();
  if (name.ends_with(".py")) {
    files.python = true;
    files.python_file = name;
  }
  files.modules.push_back(path->string());
  return {};
}

struct NamedFile {
  std::string name;
  config::Position position;
};

/// Takes the files under py_modules and modules, those of `metas` too, out of the configuration of a class.
std::vector<NamedFile> take_modules(config::Node& root) {
  std::vector<NamedFile> names;
  for (const char* key : {"py_modules", "modules"}) {
    const auto node = root.take(key);
    if (node.is_text()) names.push_back({node.text, node.position});
    for (const auto& item : node.items) names.push_back({item.to_text(), item.position});
  }
  if (auto* metas = root.find("metas"); metas != nullptr)
    for (auto& more : take_modules(*metas)) names.push_back(std::move(more));
  return names;
}

/// The modules of the configuration that `uses` is or names: they decide on the language too.
Status add_modules(UsedFiles& files, config::Node& root, const std::string& source, const SearchPath& search) {
  for (const auto& [name, position] : take_modules(root)) {
    if (auto s = add_module(files, search, name); !s.ok()) return {s.code, config::place(source, position, s.message)};
    if (files.python && files.python_file == name) files.python_place = config::place(source, position, "py_modules");
  }
  return {};
}

}  // namespace

namespace {

/// "package.module.Class", where package/module.py is there: Jina would import it.
void take_dotted(UsedFiles& files, const SearchPath& search) {
  const auto dot = files.uses.rfind('.');
  if (dot == std::string::npos) return;
  std::string file = files.uses.substr(0, dot);
  std::replace(file.begin(), file.end(), '.', '/');
  const auto path = search.find(file + ".py");
  if (!path) return;
  files.python = true;
  files.python_file = file + ".py";
  files.modules.push_back(path->string());
  files.uses = files.uses.substr(dot + 1);
}

}  // namespace

Result<UsedFiles> find_used_files(const config::OptionBag& options, const fs::path& directory) {
  UsedFiles files;
  const auto extra = options.texts("extra-search-paths");
  const SearchPath search(directory, extra);
  for (const auto& name : options.texts("py-modules"))
    if (auto s = add_module(files, search, name); !s.ok()) return s;
  if (!options.is_set("uses")) return files;
  files.uses = options.text("uses");
  switch (config::classify_uses(files.uses)) {
    case config::UsesKind::kYamlFile: {
      auto path = search.find(files.uses);
      if (!path) return path.error();
      files.uses = path->string();
      auto document = config::load_file(files.uses);
      if (!document) return document.error();
      UsedFiles inner;  // the process reads the YAML itself
      if (auto s = add_modules(inner, document->root, document->source, SearchPath(document->directory, extra)); !s.ok()) return s;
      files.yaml_modules = std::move(inner.modules);
      if (!inner.python) break;
      files.python = true;
      files.python_file = std::move(inner.python_file);
      files.python_place = std::move(inner.python_place);
      break;
    }
    case config::UsesKind::kText: {
      auto document = config::load_text(files.uses, "uses", directory);
      if (!document) return document.error();
      // Absolute paths instead of what it says, for they count from this YAML.
      if (auto s = add_modules(files, document->root, "uses", search); !s.ok()) return s;
      files.uses = boost::json::serialize(document->root.to_json());
      break;
    }
    case config::UsesKind::kModule:
    case config::UsesKind::kPython: {
      auto path = search.find_module(files.uses);
      if (!path) return path.error();
      if (files.uses.ends_with(".py")) {
        files.python = true;
        files.python_file = files.uses;
      }
      files.uses = path->string();
      break;
    }
    case config::UsesKind::kHub:
      return Status{StatusCode::kUnimplemented, "uses: '" + files.uses +
                                                    "' is on Jina's Hub, which this program does not fetch from; run it with "
                                                    "Python's Jina (python -m jina executor --uses " +
                                                    files.uses +
                                                    ") and add the Executor with 'external: true', or use its image: docker://..."};
    case config::UsesKind::kUnknown:
      return Status{StatusCode::kInvalidArgument,
                    "uses: '" + files.uses + "' is neither a class name nor a .cpp, .so or .yml file"};
    case config::UsesKind::kClass:
      if (files.modules.empty()) take_dotted(files, search);
      break;
    case config::UsesKind::kImage:  // the container has its files in it
    case config::UsesKind::kNone: break;
  }
  return files;
}

}  // namespace jina::flow
