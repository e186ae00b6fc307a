// What is written beside the YAML: the Dockerfiles of the images that have to be built, and a README that says how.
//
// Thread: pure. Lifetime: none. Cancellation: none.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "exporter/kubernetes.hpp"
#include "exporter/workload.hpp"

namespace jina::exporter {

/// Text of a Dockerfile whose context is the Flow's folder. `flow_file` is its name there.
std::string flow_dockerfile(const std::string& base_image, const std::string& flow_file);
std::string python_dockerfile();

/// "Dockerfile", "Dockerfile.python": those that `workloads` need.
std::vector<OutputFile> image_files(std::span<const Workload> workloads, const flow::FlowSpec& flow, const ImageNames& images);
bool needs_image(std::span<const Workload> workloads, ImageKind kind);

std::string kubernetes_readme(std::span<const Workload> workloads, const flow::FlowSpec& flow, const ImageNames& images,
                              const std::string& space);

}  // namespace jina::exporter
