// What a jina::Flow writes for other places.
#include <fstream>

#include "exporter/compose.hpp"
#include "exporter/diagram.hpp"
#include "exporter/kubernetes.hpp"
#include "exporter/yaml_text.hpp"
#include "flow_api/flow_impl.hpp"

namespace jina {
namespace {

void write(const std::filesystem::path& file, const std::string& text) {
  std::error_code ignored;  // the stream says what is in the way
  if (file.has_parent_path()) std::filesystem::create_directories(file.parent_path(), ignored);
  std::ofstream out(file, std::ios::binary);
  out << text;
  if (!out.flush()) throw FlowFailed({StatusCode::kPermissionDenied, file.string() + ": can not be written"});
}

template <class T>
T value_of(Result<T> result) {
  if (!result) throw FlowFailed(std::move(result).error());
  return std::move(*result);
}

std::vector<std::string> write(exporter::Export made, const std::filesystem::path& folder) {
  for (const auto& file : made.files) write(folder / file.path, file.text);
  return std::move(made.warnings);
}

}  // namespace

std::string Flow::to_yaml() const { return exporter::yaml_text(impl_->document.root.to_json()); }

void Flow::save_config(const std::filesystem::path& file) const { write(file, to_yaml()); }

std::vector<std::string> Flow::to_kubernetes_yaml(const std::filesystem::path& folder, std::string k8s_namespace) const {
  exporter::ExportOptions options;
  options.k8s_namespace = std::move(k8s_namespace);
  return write(value_of(exporter::export_kubernetes(value_of(impl_->spec()), options)), folder);
}

std::vector<std::string> Flow::to_docker_compose_yaml(const std::filesystem::path& file) const {
  return write(value_of(exporter::export_compose(value_of(impl_->spec()), {}, file)), file.parent_path());
}

void Flow::plot(const std::filesystem::path& file) const {
  auto diagram = exporter::make_diagram(value_of(impl_->spec()), false);
  write(file, file.extension() == ".mmd" ? exporter::to_mermaid(diagram) : exporter::to_svg(std::move(diagram)));
}

}  // namespace jina
