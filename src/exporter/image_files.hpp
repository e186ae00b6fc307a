// What is written beside the YAML: the Dockerfiles of the images that have to be built, and a README that says how.
//
// Thread: pure. Lifetime: none. Cancellation: none.
#pragma once
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "exporter/kubernetes.hpp"
#include "exporter/workload.hpp"

namespace jina::exporter {

/// Texts of Dockerfiles whose context is a folder that has the Flow's file at `flow_file`.
std::string flow_dockerfile(const std::string& base_image, const std::string& flow_file);
std::string python_dockerfile(const std::string& flow_file);
/// The Flow's file as seen from there.
std::string flow_file(const flow::FlowSpec& flow, const std::filesystem::path& context);

/// "Dockerfile", "Dockerfile.python": those that `workloads` need, each with its .dockerignore.
std::vector<OutputFile> image_files(std::span<const Workload> workloads, const std::string& flow_file, const ImageNames& images);
bool needs_image(std::span<const Workload> workloads, ImageKind kind);

std::string kubernetes_readme(std::span<const Workload> workloads, const flow::FlowSpec& flow, const ImageNames& images,
                              const std::string& flow_file, const std::string& space);

}  // namespace jina::exporter
