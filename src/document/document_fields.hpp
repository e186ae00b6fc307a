// Field numbers of docarray.DocumentProto; they are on the wire, do not change them.
//
// Thread, lifetime, cancellation: constants.
#pragma once
#include <cstdint>

namespace jina {

enum class DocumentField : std::uint32_t {
  kId = 1,
  kBlob = 2,
  kTensor = 3,
  kText = 4,
  kGranularity = 5,
  kAdjacency = 6,
  kParentId = 7,
  kWeight = 8,
  kUri = 9,
  kModality = 10,
  kMimeType = 11,
  kOffset = 12,
  kLocation = 13,
  kChunks = 14,
  kMatches = 15,
  kEmbedding = 16,
  kTags = 17,
  kScores = 18,
  kEvaluations = 19,
  kMetadata = 20,
};

}  // namespace jina
