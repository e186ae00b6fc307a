#include "exporter/image_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

namespace jina::exporter {

namespace {

/// The image with compiler and headers that goes with one that only runs: jina:0.1.0 -> jina:0.1.0-devel (docs/images.md).
std::string devel_image(const std::string& base) { return base + "-devel"; }

std::string flow_file(const flow::FlowSpec& flow) { return std::filesystem::path(flow.source).filename().string(); }

}  // namespace

std::string flow_dockerfile(const std::string& base_image, const std::string& flow_file) {
  return fmt::format(R"(# The Flow's files, its C++ modules compiled ahead of time; the context is the folder of {1}.
FROM {2} AS build
COPY --chown=jina:jina . /workdir
RUN jina build {1}

FROM {0}
COPY --from=build --chown=jina:jina /workdir /workdir
)",
                     base_image, flow_file, devel_image(base_image));
}

std::string python_dockerfile() {
  return R"(# The Flow's files and Jina in Python; the context is the Flow's folder. Packages of your Executors go below FROM.
ARG BASE=jinaai/jina:3.25.2
FROM ${BASE}
COPY . /workdir
WORKDIR /workdir
RUN for file in $(find . -name requirements.txt); do pip install --no-cache-dir -r "$file" || exit 1; done
)";
}

bool needs_image(std::span<const Workload> workloads, ImageKind kind) {
  return std::any_of(workloads.begin(), workloads.end(), [&](const Workload& each) { return each.image.kind == kind; });
}

std::vector<OutputFile> image_files(std::span<const Workload> workloads, const flow::FlowSpec& flow, const ImageNames& images) {
  std::vector<OutputFile> files;
  if (needs_image(workloads, ImageKind::kFlow)) files.push_back({"Dockerfile", flow_dockerfile(images.base, flow_file(flow))});
  if (needs_image(workloads, ImageKind::kPython)) files.push_back({"Dockerfile.python", python_dockerfile()});
  return files;
}

std::string kubernetes_readme(std::span<const Workload> workloads, const flow::FlowSpec& flow, const ImageNames& images,
                              const std::string& space) {
  std::string text = fmt::format("# {} on Kubernetes\n\nWritten by `jina export kubernetes` from `{}`.\n\n## Images\n\n",
                                 flow_name(flow), flow_file(flow));
  text += "| Image | What it is |\n|---|---|\n";
  const bool own = needs_image(workloads, ImageKind::kFlow);
  if (own || needs_image(workloads, ImageKind::kBase))
    text += fmt::format("| `{}` | the `jina` program; from its repository: `docker build -f docker/Dockerfile -t {} .` |\n",
                        images.base, images.base);
  if (own)
    text += fmt::format("| `{}` | the Flow's files in it: `docker build -f Dockerfile -t {} FOLDER_OF_THE_FLOW` |\n", images.flow,
                        images.flow);
  if (needs_image(workloads, ImageKind::kPython))
    text += fmt::format("| `{}` | the Executors in Python: `docker build -f Dockerfile.python -t {} FOLDER_OF_THE_FLOW` |\n",
                        images.python, images.python);
  std::set<std::string> given;
  for (const auto& each : workloads)
    if (each.image.kind == ImageKind::kGiven) given.insert(each.image.name);
  for (const auto& name : given)
    text += fmt::format("| `{}` | named by the Flow; its working directory has a `config.yml` |\n", name);
  if (own)
    text += fmt::format("\nThe first stage of `Dockerfile` compiles in `{}`, the target `devel` of the same repository.\n",
                        devel_image(images.base));
  text +=
      "\nPush them to where your cluster pulls from; `jina export kubernetes --base-image ... --image ...` writes those names.\n";
  text += fmt::format(R"(
## Apply

```sh
kubectl create namespace {0}
kubectl apply -R -f .
kubectl -n {0} wait --for=condition=available deployment --all --timeout=10m
kubectl -n {0} port-forward service/gateway 8080
```
)",
                      space);
  if (std::any_of(workloads.begin(), workloads.end(), [](const Workload& each) { return each.metrics; }))
    text += "\nFiles that end in `-monitor.yml` need the Prometheus operator; without it leave them out.\n";
  text += R"(
## What is where

| File | Pods |
|---|---|
)";
  for (const auto& each : workloads) {
    if (each.role == Role::kBefore || each.role == Role::kAfter) continue;
    const auto name = dns_name(workload_name(each));
    text += fmt::format("| `{}/{}.yml` | {} of `{}` |\n", each.name, name, each.replicas, each.image.name);
  }
  return text;
}

}  // namespace jina::exporter
