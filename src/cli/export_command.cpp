// `jina export`: a Flow for Kubernetes or Docker Compose, its picture, and the schema of the YAML files.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <boost/json/serialize.hpp>
#include <filesystem>
#include <fstream>
#include <ostream>

#include "cli/command.hpp"
#include "cli/pretty_json.hpp"
#include "config/suggest.hpp"
#include "exporter/compose.hpp"
#include "exporter/diagram.hpp"
#include "exporter/kubernetes.hpp"
#include "exporter/schema.hpp"
#include "exporter/yaml_text.hpp"

namespace jina::cli {
namespace {

namespace fs = std::filesystem;

const config::OptionSet& export_options() {
  static const config::OptionSet set = [] {
    using config::OptionKind;
    config::OptionSet options;
    options.add({.names = {"k8s-namespace"},
                 .help = "namespace of the objects; the Flow's name when not given",
                 .group = "kubernetes",
                 .placeholder = "NAME"});
    const auto images = "kubernetes, docker-compose";
    options.add({.names = {"base-image"},
                 .help = "image with this program; $JINA_GATEWAY_IMAGE or jina:VERSION when not given (not in Jina)",
                 .group = images,
                 .placeholder = "IMAGE"});
    options.add({.names = {"image"},
                 .help = "image with the Flow's files, that you build of the Dockerfile that is written; the Flow's name when not "
                         "given (not in Jina)",
                 .group = images,
                 .placeholder = "IMAGE"});
    options.add({.names = {"network-name"},
                 .help = "name of the network; jina-network when not given",
                 .group = "docker-compose",
                 .placeholder = "NAME"});
    options.add({.names = {"vertical-layout"},
                 .kind = OptionKind::kFlag,
                 .help = "draw from top to bottom",
                 .fallback = false,
                 .group = "flowchart"});
    const auto schema = "schema";
    options.add({.names = {"schema-path"},
                 .kind = OptionKind::kTextList,
                 .help = "write the JSON schema of the YAML files there, as to PLACE; printed when no path is given at all",
                 .group = schema,
                 .placeholder = "FILE..."});
    options.add({.names = {"json-path"},
                 .kind = OptionKind::kTextList,
                 .help = "write the commands and their arguments there, as JSON",
                 .group = schema,
                 .placeholder = "FILE..."});
    options.add({.names = {"yaml-path"},
                 .kind = OptionKind::kTextList,
                 .help = "the same as YAML",
                 .group = schema,
                 .placeholder = "FILE..."});
    return options;
  }();
  return set;
}

const std::vector<std::string>& kinds() {
  static const std::vector<std::string> all{"kubernetes", "docker-compose", "flowchart", "schema"};
  return all;
}

std::string pretty(const boost::json::object& value) { return pretty_json(boost::json::serialize(value), true) + "\n"; }

Status write_file(const fs::path& path, const std::string& text) {
  std::error_code error;
  if (path.has_parent_path()) fs::create_directories(path.parent_path(), error);
  if (error) return {StatusCode::kUnavailable, "cannot make the folder " + path.parent_path().string() + ": " + error.message()};
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.close();
  if (!file) return {StatusCode::kUnavailable, "cannot write " + path.string() + "; is it a folder, or are its rights missing?"};
  return {};
}

class Exporter {
 public:
  Exporter(Console& console, const Invocation& call) : console_(console), call_(call) {}

  int run() {
    const auto& words = call_.positionals;
    if (words.empty()) return usage("say what: " + fmt::format("{}", fmt::join(kinds(), ", ")));
    const auto& kind = words.front();
    if (kind == "schema") return schema();
    if (std::find(kinds().begin(), kinds().end(), kind) == kinds().end())
      return usage(fmt::format("there is no export '{}'{}; there are {}", kind, config::did_you_mean(kind, kinds()),
                               fmt::join(kinds(), ", ")));
    if (words.size() < 3)
      return usage(fmt::format("the {} missing: jina export {} flow.yml {}",
                               words.size() == 1 ? "Flow and the place to write to are" : "place to write to is", kind,
                               kind == "kubernetes"  ? "FOLDER"
                               : kind == "flowchart" ? "flow.svg"
                                                     : "docker-compose.yml"));
    if (kind == "flowchart") {
      // Before anything is read: the ending says what is wanted.
      const auto ending = fs::path(words[2]).extension().string();
      if (ending != ".svg" && ending != ".mmd" && ending != ".md")
        return usage(
            fmt::format("'{}' should end in .svg (a picture), .mmd or .md (Mermaid); browsers and most programs turn an .svg "
                        "into other pictures",
                        words[2]));
    }
    if (!read(words[1])) return kFailure;
    if (kind == "kubernetes") return kubernetes(words[2]);
    if (kind == "docker-compose") return compose(words[2]);
    return flowchart(words[2]);
  }

 private:
  int usage(const std::string& message) {
    console_.fail("export", message);
    return kUsage;
  }
  int fail(const std::string& message) {
    console_.fail("export", message);
    return kFailure;
  }

  bool read(const std::string& path) {
    config::Diagnostics found;
    flow_ = flow::read_flow_file(path, found);
    for (const auto& item : found.sorted()) {
      if (item.severity == config::Severity::kError)
        console_.fail("export", item.to_string());
      else if (!item.message.starts_with("without effect here"))  // of `jina flow`; much of it has one elsewhere
        console_.warn("export", item.to_string());
    }
    return flow_ && !found.has_errors();
  }

  exporter::ExportOptions options() const {
    return {.base_image = call_.options.text("base-image"),
            .flow_image = call_.options.text("image"),
            .k8s_namespace = call_.options.text("k8s-namespace"),
            .network = call_.options.text("network-name")};
  }

  bool write(const exporter::Export& made, const fs::path& folder) {
    for (const auto& warning : made.warnings) console_.warn("export", warning);
    for (const auto& file : made.files)
      if (auto status = write_file(folder / file.path, file.text); !status.ok()) {
        console_.fail("export", status.message);
        return false;
      }
    return true;
  }

  int kubernetes(const fs::path& folder) {
    auto made = exporter::export_kubernetes(*flow_, options());
    if (!made) return fail(made.error().message);
    if (!write(*made, folder)) return kFailure;
    for (const auto& file : made->files) console_.out << "  " << (folder / file.path).string() << "\n";
    console_.out << "Next:  " << console_.out_style.green("kubectl apply -R -f " + folder.string()) << "   ("
                 << (folder / "README.md").string() << " says which images it needs)" << std::endl;
    return kSuccess;
  }

  int compose(const fs::path& file) {
    auto made = exporter::export_compose(*flow_, options(), file);
    if (!made) return fail(made.error().message);
    if (!write(*made, file.parent_path())) return kFailure;
    console_.out << "  " << file.string() << "\nNext:  " << console_.out_style.green("docker compose -f " + file.string() + " up")
                 << std::endl;
    return kSuccess;
  }

  int flowchart(const fs::path& file) {
    const auto diagram = exporter::make_diagram(*flow_, call_.options.flag("vertical-layout"));
    std::string text = file.extension() == ".svg" ? exporter::to_svg(diagram) : exporter::to_mermaid(diagram);
    if (file.extension() == ".md") text = "```mermaid\n" + text + "```\n";
    if (auto status = write_file(file, text); !status.ok()) return fail(status.message);
    console_.out << "  " << file.string() << std::endl;
    return kSuccess;
  }

  int schema() {
    auto schema_paths = call_.options.texts("schema-path");
    // The place comes last, as with the others; there is no Flow before it.
    const auto& words = call_.positionals;
    if (words.size() > 2)
      return usage("schema is of no Flow, so only a place to write to comes after it: jina export schema " + words[2]);
    if (words.size() == 2) {
      const auto ending = fs::path(words[1]).extension().string();
      if (ending == ".yml" || ending == ".yaml")
        return usage(
            fmt::format("'{}' would be overwritten with a JSON schema, which is that of all Flows; write it to a .json file: "
                        "jina export schema jina.schema.json",
                        words[1]));
      schema_paths.push_back(words[1]);
    }
    const auto json_paths = call_.options.texts("json-path");
    const auto yaml_paths = call_.options.texts("yaml-path");
    const std::string text = pretty(exporter::yaml_schema());
    if (schema_paths.empty() && json_paths.empty() && yaml_paths.empty()) {
      console_.out << text << std::flush;
      return kSuccess;
    }
    std::vector<exporter::CommandDescription> described;
    for (const auto& command : commands())
      if (!command.hidden)
        described.push_back({command.name, command.summary, command.options != nullptr ? &command.options() : nullptr});
    const auto api = exporter::command_description(described);
    const auto write_all = [&](const std::vector<std::string>& paths, const std::string& content) {
      for (const auto& path : paths) {
        if (auto status = write_file(path, content); !status.ok()) {
          console_.fail("export", status.message);
          return false;
        }
        console_.out << "  " << path << std::endl;
      }
      return true;
    };
    const bool good =
        write_all(schema_paths, text) && write_all(json_paths, pretty(api)) && write_all(yaml_paths, exporter::yaml_text(api));
    return good ? kSuccess : kFailure;
  }

  Console& console_;
  const Invocation& call_;
  std::optional<flow::FlowSpec> flow_{};
};

int run(Console& console, Invocation& call) { return Exporter(console, call).run(); }

}  // namespace

Command export_command() {
  return {
      .name = "export",
      .summary = "write a Flow for Kubernetes or Docker Compose, its picture, or the YAML schema",
      .about =
          "Reads a Flow and writes what runs it elsewhere: Kubernetes objects, a file for Docker Compose; or what explains it: a "
          "picture (SVG, or text for Mermaid). 'schema' writes the JSON schema of all YAML files, for editors. Nothing is started "
          "and nothing is asked over a network.",
      .positionals = {"KIND", "[FLOW]", "[PLACE]"},
      .words = kinds(),
      .examples = {{"jina export kubernetes flow.yml k8s/ --k8s-namespace shop", "a folder; its README.md says what to build"},
                   {"jina export docker-compose flow.yml docker-compose.yml", ""},
                   {"jina export flowchart flow.yml flow.svg", "or .mmd, .md for Mermaid"},
                   {"jina export schema jina.schema.json",
                    "then '# yaml-language-server: $schema=jina.schema.json' in a YAML file"}},
      .options = export_options,
      .run = run};
}

}  // namespace jina::cli
