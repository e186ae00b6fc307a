// A validated request's documents, written as they were understood.
#include "document/json/document_writer.hpp"
#include "document/json/tensor_writer.hpp"

namespace jina::pyjson {
namespace {

void write_scores(Output& output, const Value& scores) {
  if (scores.is_null()) return output.raw("null");
  constexpr std::string_view kParts[] = {R"("value":)", R"(,"op_name":)", R"(,"description":)", R"(,"ref_id":)"};
  output.raw("{");
  for (const Member& member : scores.object()) {
    if (&member != scores.members) output.raw(",");
    output.string(member.key.string());
    output.raw(":{");
    for (std::size_t i = 0; i < std::size(kParts); ++i) {
      output.raw(kParts[i]);
      write_value(output, member.value.array()[i]);
    }
    output.raw("}");
  }
  output.raw("}");
}

void write_tensor_model(Output& output, const std::optional<TensorModel>& model) {
  if (!model) return output.raw("null");
  if (!model->sendable) return output.fail("an array that can not be sent");
  write_tensor(output, model->tensor);
}

void write_model(Output& output, const DocumentModel& model) {
  const auto field = [&](std::string_view key, const Value& value) {
    output.raw(key);
    write_value(output, value);
  };
  const auto children = [&](std::string_view key, const std::optional<std::vector<DocumentModel>>& models) {
    output.raw(key);
    if (!models) return output.raw("null");
    write_documents(output, *models);
  };
  field(R"({"id":)", model.id);
  field(R"(,"parent_id":)", model.parent_id);
  field(R"(,"granularity":)", model.granularity);
  field(R"(,"adjacency":)", model.adjacency);
  field(R"(,"blob":)", model.blob);
  output.raw(R"(,"tensor":)");
  write_tensor_model(output, model.tensor);
  field(R"(,"mime_type":)", model.mime_type);
  field(R"(,"text":)", model.text);
  field(R"(,"weight":)", model.weight);
  field(R"(,"uri":)", model.uri);
  field(R"(,"tags":)", model.tags);
  field(R"(,"offset":)", model.offset);
  field(R"(,"location":)", model.location);
  output.raw(R"(,"embedding":)");
  write_tensor_model(output, model.embedding);
  field(R"(,"modality":)", model.modality);
  output.raw(R"(,"evaluations":)");
  write_scores(output, model.evaluations);
  output.raw(R"(,"scores":)");
  write_scores(output, model.scores);
  children(R"(,"chunks":)", model.chunks);
  children(R"(,"matches":)", model.matches);
  if (!model.metadata.is_null()) field(R"(,"_metadata":)", model.metadata);
  output.raw("}");
}

}  // namespace

void write_documents(Output& output, const std::vector<DocumentModel>& models) {
  output.raw("[");
  for (const DocumentModel& model : models) {
    if (&model != models.data()) output.raw(",");
    write_model(output, model);
  }
  output.raw("]");
}

void write_value(Output& output, const Value& value) {
  switch (value.kind) {
    case Kind::kNull: return output.raw("null");
    case Kind::kBool: return output.boolean(value.flag);
    case Kind::kInt: return output.integer(value.integer);
    case Kind::kBigInt: return output.raw(value.string());
    case Kind::kFloat: return output.real(value.real);
    case Kind::kString: return output.string(value.string());
    case Kind::kNumbers: {
      Tensor numbers;
      numbers.dtype = value.block->is_float ? "<f8" : "<i8";
      numbers.shape = value.block->shape;
      numbers.buffer = value.block->buffer;
      return write_tensor(output, numbers);
    }
    case Kind::kObject:
      output.raw("{");
      for (const Member& member : value.object()) {
        if (&member != value.members) output.raw(",");
        if (member.key.kind == Kind::kString) {
          output.string(member.key.string());
        } else {
          output.fail("a key that is not a string");
        }
        output.raw(":");
        write_value(output, member.value);
      }
      return output.raw("}");
    case Kind::kArray: break;
  }
  output.raw("[");
  for (const Value& item : value.array()) {
    if (&item != value.items) output.raw(",");
    write_value(output, item);
  }
  output.raw("]");
}

}  // namespace jina::pyjson
