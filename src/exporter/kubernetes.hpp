// export_kubernetes(): a Flow as Kubernetes objects, one folder per Executor, in the layout of Jina's own export.
//
// Replicas have headless Services: the gateway's connection pool finds every pod by name and balances calls among them itself,
// which a ClusterIP can not do for long-lived HTTP/2 connections without a service mesh.
//
// Thread: reads files, for the command line. Lifetime: none. Cancellation: none.
#pragma once
#include <string>
#include <vector>

#include "exporter/workload.hpp"

namespace jina::exporter {

struct OutputFile {
  std::string path;  ///< in the folder of the export
  std::string text;
};

struct Export {
  std::vector<OutputFile> files{};
  std::vector<std::string> warnings{};
};

/// Errors name the item of the Flow.
Result<Export> export_kubernetes(const flow::FlowSpec& flow, const ExportOptions& options);

/// The namespace that it goes to.
std::string kubernetes_namespace(const flow::FlowSpec& flow, const ExportOptions& options);

}  // namespace jina::exporter
