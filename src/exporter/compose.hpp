// export_compose(): a Flow as one file for Docker Compose: a service per replica, started when those it needs are healthy.
//
// Thread: reads files, for the command line. Lifetime: none. Cancellation: none.
#pragma once
#include <filesystem>

#include "exporter/kubernetes.hpp"
#include "exporter/workload.hpp"

namespace jina::exporter {

/// `place` is where the file will be: the folder that images are built of is written relative to it.
Result<Export> export_compose(const flow::FlowSpec& flow, const ExportOptions& options, const std::filesystem::path& place);

}  // namespace jina::exporter
