// Diagram: a Flow as boxes in layers and lines between them, placed so that lines run forward and cross little; without looks,
// which svg.cpp and mermaid.cpp give it.
//
// Thread: reads files. Lifetime: owns everything. Cancellation: none.
#pragma once
#include <string>
#include <vector>

#include "flow/flow_spec.hpp"

namespace jina::exporter {

enum class BoxKind : std::uint8_t { kGateway, kEnd, kNative, kPython, kContainer, kExternal, kJoin };

struct Box {
  std::string id;
  BoxKind kind = BoxKind::kNative;
  std::string title;
  std::string subtitle{};
  std::vector<std::string> notes{};  ///< "2 replicas", "floating", "when tags__x = 1"
  int copies = 1;                    ///< drawn as a stack
  // Set by place(): the middle.
  double x = 0, y = 0, width = 0, height = 0;
};

struct Point {
  double x = 0, y = 0;
};

struct Line {
  std::size_t from = 0, to = 0;  ///< boxes
  bool dashed = false;           ///< nobody waits for the answer
  std::vector<Point> through{};  ///< set by place(), both ends included
};

struct Diagram {
  std::string title;
  bool vertical = false;
  std::vector<Box> boxes{};  ///< the gateway first, the end last
  std::vector<Line> lines{};
  double width = 0, height = 0;
};

Diagram make_diagram(const flow::FlowSpec& flow, bool vertical);
/// Chooses positions for boxes whose sizes are set.
void place(Diagram& diagram);

std::string to_svg(Diagram diagram);
std::string to_mermaid(const Diagram& diagram);

}  // namespace jina::exporter
