#include "document/request_documents.hpp"

#include <atomic>
#include <memory>
#include <utility>

namespace jina {
namespace {

class HeldDocuments final : public wire::UnencodedData {
 public:
  explicit HeldDocuments(DocumentArray docs) : docs_(std::move(docs)) {}

  // Kept, for the branches of a graph are sent the same Documents.
  Buffer encode() const override {
    if (!encoded_) encoded_ = encode_documents(docs_);
    return *encoded_;
  }
  DocumentArray& docs() noexcept { return docs_; }

 private:
  DocumentArray docs_;
  mutable std::optional<Buffer> encoded_;
};

// The only class of its kind: wire/ cannot make one.
HeldDocuments* held(const wire::DataRequest& request) noexcept { return static_cast<HeldDocuments*>(request.unencoded.get()); }

DataContent content(DocumentArray docs) {
  DataContent made;
  made.docs = std::move(docs);
  return made;
}

}  // namespace

Result<DataContent> content_of(const wire::DataRequest& request) {
  if (HeldDocuments* documents = held(request)) return content(documents->docs());
  if (!request.data) return DataContent{};
  return decode_content(*request.data);
}

Result<DataContent> take_content(wire::DataRequest& request) {
  const std::shared_ptr<wire::UnencodedData> owner = std::move(request.unencoded);
  if (owner == nullptr) {
    const std::optional<Buffer> data = std::exchange(request.data, std::nullopt);
    return data ? decode_content(*data) : DataContent{};
  }
  DocumentArray& docs = static_cast<HeldDocuments&>(*owner).docs();
  if (owner.use_count() > 1) return content(docs);
  // What another thread read before it let go of them was read before this changes them.
  std::atomic_thread_fence(std::memory_order_acquire);
  return content(std::move(docs));
}

const DocumentArray* decoded_documents(const wire::DataRequest& request) noexcept {
  HeldDocuments* documents = held(request);
  return documents == nullptr ? nullptr : &documents->docs();
}

void set_documents(wire::DataRequest& request, DocumentArray docs) {
  request.data.reset();
  request.unencoded = std::make_shared<HeldDocuments>(std::move(docs));
}

void set_encoded_documents(wire::DataRequest& request, Buffer content) {
  request.unencoded.reset();
  request.data = std::move(content);
}

}  // namespace jina
