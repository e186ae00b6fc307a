#include "exporter/image_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <set>

#include "exporter/used_image.hpp"

namespace jina::exporter {

namespace fs = std::filesystem;

namespace {

/// The image with compiler and headers that goes with one that only runs: jina:0.1.0 -> jina:0.1.0-devel (docs/images.md).
std::string devel_image(const std::string& base) { return base + "-devel"; }

/// "/workdir", or the Flow's folder below it: what the Flow says of its files is true there.
std::string working_directory(const std::string& flow_file) {
  const auto folder = fs::path(flow_file).parent_path().generic_string();
  return folder.empty() ? "/workdir" : "/workdir/" + folder;
}

}  // namespace

std::string flow_file(const flow::FlowSpec& flow, const fs::path& context) {
  return (flow_folder(flow) / fs::path(flow.source).filename()).lexically_relative(context).generic_string();
}

std::string flow_dockerfile(const std::string& base_image, const std::string& flow_file) {
  return fmt::format(R"(# The Flow's files, its C++ modules compiled ahead of time; the context is the folder that has {1}.
FROM {2} AS build
COPY --chown=jina:jina . /workdir
WORKDIR {3}
RUN jina build {4}

FROM {0}
COPY --from=build --chown=jina:jina /workdir /workdir
WORKDIR {3}
)",
                     base_image, flow_file, devel_image(base_image), working_directory(flow_file),
                     fs::path(flow_file).filename().string());
}

std::string python_dockerfile(const std::string& flow_file) {
  return fmt::format(R"(# The Flow's files and Jina in Python; the context is the folder that has {}.
ARG BASE=jinaai/jina:3.25.2
FROM ${{BASE}}
COPY . /workdir
RUN for file in $(find /workdir -name requirements.txt); do pip install --no-cache-dir -r "$file" || exit 1; done
WORKDIR {}
)",
                     flow_file, working_directory(flow_file));
}

bool needs_image(std::span<const Workload> workloads, ImageKind kind) {
  return std::any_of(workloads.begin(), workloads.end(), [&](const Workload& each) { return each.image.kind == kind; });
}

namespace {

/// BuildKit reads it by this name beside the Dockerfile; a plain .dockerignore would have to lie in the user's own folder.
OutputFile ignored_files(const std::string& dockerfile) {
  return {dockerfile + ".dockerignore", fmt::format(R"(# What of the folder does not go into the image of {}.
.git
**/__pycache__
**/.venv
**/.cache
**/node_modules
**/crash-reports
)",
                                                    dockerfile)};
}

std::string port_table(const Workload& gateway) {
  std::string text = "\n## Ports\n\n| Protocol | Service | Port |\n|---|---|---|\n";
  const auto name = dns_name(workload_name(gateway));
  for (std::size_t i = 0; i < gateway.protocols.size(); ++i) {
    std::string protocol = gateway.protocols[i];
    std::transform(protocol.begin(), protocol.end(), protocol.begin(), [](unsigned char c) { return std::tolower(c); });
    const std::size_t port = std::min(i, gateway.ports.size() - 1);
    text += fmt::format("| {} | `{}` | {} |\n", protocol, port == 0 ? name : fmt::format("{}-{}-{}", name, port, protocol),
                        gateway.ports[port]);
  }
  return text +
         "\nThe Flow's own ports are those of one machine; here each protocol has a Service of its own. Executors listen on "
         "8080.\n";
}

}  // namespace

std::vector<OutputFile> image_files(std::span<const Workload> workloads, const std::string& flow_file, const ImageNames& images) {
  std::vector<OutputFile> files;
  if (needs_image(workloads, ImageKind::kFlow)) {
    files.push_back({"Dockerfile", flow_dockerfile(images.base, flow_file)});
    files.push_back(ignored_files("Dockerfile"));
  }
  if (needs_image(workloads, ImageKind::kPython)) {
    files.push_back({"Dockerfile.python", python_dockerfile(flow_file)});
    files.push_back(ignored_files("Dockerfile.python"));
  }
  return files;
}

std::string kubernetes_readme(std::span<const Workload> workloads, const flow::FlowSpec& flow, const ImageNames& images,
                              const std::string& flow_file, const std::string& space) {
  std::string text = fmt::format("# {} on Kubernetes\n\nWritten by `jina export kubernetes` from `{}`.\n\n## Images\n\n",
                                 flow_name(flow), flow_file);
  text += "| Image | What it is |\n|---|---|\n";
  const bool own = needs_image(workloads, ImageKind::kFlow);
  if (own || needs_image(workloads, ImageKind::kBase))
    text += fmt::format("| `{}` | the `jina` program; from its repository: `docker build -f docker/Dockerfile -t {} .` |\n",
                        images.base, images.base);
  if (own)
    text += fmt::format("| `{}` | the Flow's files in it: `docker build -f Dockerfile -t {} FOLDER` |\n", images.flow, images.flow);
  if (needs_image(workloads, ImageKind::kPython))
    text += fmt::format("| `{}` | the Executors in Python: `docker build -f Dockerfile.python -t {} FOLDER` |\n", images.python,
                        images.python);
  const bool folder = own || needs_image(workloads, ImageKind::kPython);
  std::set<std::string> given;
  for (const auto& each : workloads)
    if (each.image.kind == ImageKind::kGiven) given.insert(each.image.name);
  for (const auto& name : given)
    text += fmt::format("| `{}` | named by the Flow; its working directory has a `config.yml` |\n", name);
  if (own)
    text += fmt::format("\nThe first stage of `Dockerfile` compiles in `{}`, the target `devel` of the same repository.\n",
                        devel_image(images.base));
  if (folder)
    text += fmt::format(
        "\n`FOLDER` is the folder that has `{}`, and below it every file that the Flow names; run `docker build` in the folder of "
        "this "
        "README, so that `-f` finds its file. All of `FOLDER` goes into the image, but what the `.dockerignore` of the Dockerfile "
        "names.\n",
        flow_file);
  text +=
      "\nPush them to where your cluster pulls from; `jina export kubernetes --base-image ... --image ...` writes those names.\n";
  text += fmt::format(R"(
## Apply

```sh
kubectl create namespace {0} --dry-run=client -o yaml | kubectl apply -f -
kubectl apply -R -f .
kubectl -n {0} wait --for=condition=available deployment --all --timeout=10m
kubectl -n {0} port-forward service/gateway 8080
```
)",
                      space);
  for (const auto& each : workloads)
    if (each.role == Role::kGateway) text += port_table(each);
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
