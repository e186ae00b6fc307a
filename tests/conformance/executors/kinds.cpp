// Kinds: what the arguments of `jina executor` act on; the same as in kinds.py.
#include <filesystem>
#include <fstream>

#include <jina/executor.hpp>
#include <jina/module.hpp>

namespace {

class Kinds : public jina::Executor {
 public:
  void setup(jina::Endpoints& on) override {
    on.add("/mark", &Kinds::mark).add("/raise", &Kinds::raise).add("/where", &Kinds::where).function("spare", &Kinds::spare);
  }
  jina::Status health() override {
    if (std::filesystem::exists(workspace() / "ill")) return {jina::StatusCode::kUnavailable, "a file says so"};
    return {};
  }

  void mark(jina::Document& doc) { doc.set_text(doc.text() + " marked"); }
  void spare(jina::Document& doc) { doc.set_text(doc.text() + " spare"); }
  void raise() { throw jina::EndpointError("ValueError", {"boom"}); }
  jina::Results where() { return {{{"workspace", workspace().string()}, {"name", metas().at("name")}}}; }
};

}  // namespace

JINA_MODULE(registry) { registry.add<Kinds>("Kinds"); }
