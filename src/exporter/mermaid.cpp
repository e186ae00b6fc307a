// to_mermaid(): the diagram as text that GitHub and many editors draw.
#include <fmt/format.h>

#include "exporter/diagram.hpp"

namespace jina::exporter {

namespace {

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '"')
      out += "#quot;";
    else if (c == '<')
      out += "#lt;";
    else if (c == '>')
      out += "#gt;";
    else if (c == '#')
      out += "#35;";
    else
      out += c;
  }
  return out;
}

const char* style_class(BoxKind kind) {
  switch (kind) {
    case BoxKind::kGateway:
    case BoxKind::kEnd: return "gateway";
    case BoxKind::kPython: return "python";
    case BoxKind::kContainer: return "container";
    case BoxKind::kExternal: return "external";
    case BoxKind::kJoin: return "joiner";
    case BoxKind::kNative: break;
  }
  return "native";
}

// "end" and others are words of the language.
std::string id(const Box& box) { return "box_" + box.id; }

}  // namespace

std::string to_mermaid(const Diagram& diagram) {
  std::string out = fmt::format("---\ntitle: \"{}\"\n---\nflowchart {}\n", escaped(diagram.title), diagram.vertical ? "TD" : "LR");
  for (const auto& box : diagram.boxes) {
    std::string label = "<b>" + escaped(box.title) + "</b>";
    if (!box.subtitle.empty()) label += "<br/>" + escaped(box.subtitle);
    for (const auto& note : box.notes) label += "<br/><i>" + escaped(note) + "</i>";
    const bool pill = box.kind == BoxKind::kGateway || box.kind == BoxKind::kEnd;
    const bool many = box.copies > 1 && !pill;
    out += fmt::format("  {}{}\"{}\"{}:::{}\n", id(box),
                       pill   ? "(["
                       : many ? "[["
                              : "(",
                       label,
                       pill   ? "])"
                       : many ? "]]"
                              : ")",
                       style_class(box.kind));
  }
  for (const auto& line : diagram.lines)
    out += fmt::format("  {} {} {}\n", id(diagram.boxes[line.from]), line.dashed ? "-.->" : "-->", id(diagram.boxes[line.to]));
  out += R"(  classDef gateway fill:#12876f,stroke:#0e6d5a,color:#fff
  classDef native stroke:#2f6fed,stroke-width:2px
  classDef python stroke:#d29a00,stroke-width:2px
  classDef container stroke:#0a9fc4,stroke-width:2px
  classDef external stroke:#7b879d,stroke-width:2px,stroke-dasharray:5 4
  classDef joiner stroke:#8a63d2,stroke-width:2px
)";
  return out;
}

}  // namespace jina::exporter
