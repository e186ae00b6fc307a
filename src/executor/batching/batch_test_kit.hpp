// For tests of dynamic batching: a time that the test moves, requests, and an Executor that is a function.
//
// Thread: the test's. Lifetime: of the test. Cancellation: ClientCall::context.
#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "document/document_codec.hpp"
#include "document/request_documents.hpp"
#include "document/struct_codec.hpp"
#include "executor/batching/batcher.hpp"

namespace jina {

using Texts = std::vector<std::string>;

/// Stands still until advance(); counts how often it woke somebody.
class ManualTime final : public BatchTime {
 public:
  SteadyTime now() const override { return clock_.steady_now(); }
  std::unique_ptr<BatchTimer> make_timer(UniqueFunction<void()> fire) override {
    return std::make_unique<Timer>(*this, std::move(fire));
  }
  /// Fires what is due on the way, at its time.
  void advance(std::chrono::nanoseconds step) {
    const SteadyTime end = now() + step;
    while (!timers_.empty()) {
      Timer* const first = *std::min_element(timers_.begin(), timers_.end(), [](Timer* a, Timer* b) { return a->at < b->at; });
      if (first->at > end) break;
      clock_.advance(first->at - now());
      first->at = SteadyTime::max();
      ++wake_ups;
      first->fire();
      if (after) after();
    }
    clock_.advance(end - now());
  }

  int wake_ups = 0;
  std::function<void()> after{};  // each of them

 private:
  struct Timer final : BatchTimer {
    Timer(ManualTime& time, UniqueFunction<void()> fire_) : owner(time), fire(std::move(fire_)) { owner.timers_.push_back(this); }
    ~Timer() override { std::erase(owner.timers_, this); }
    void start(SteadyTime when) override { at = when; }

    ManualTime& owner;
    UniqueFunction<void()> fire;
    SteadyTime at = SteadyTime::max();
  };

  ManualClock clock_;
  std::vector<Timer*> timers_;
};

inline Texts texts_of(const DocumentArray& docs) {
  Texts texts;
  for (const Document& doc : docs) texts.emplace_back(doc.text());
  return texts;
}

/// What a client sent and what it got.
struct ClientCall {
  RequestContext context{};
  std::optional<wire::Reply> reply{};

  bool answered() const { return reply.has_value(); }
  /// Of the reply's Documents.
  Texts texts() const { return texts_of(*content_of(reply->response)->docs); }
  /// Of the exception that the reply tells, "" when it tells none.
  std::string exception() const {
    const wire::HeaderView header = wire::parse_header(reply->response.header.view()).value();
    return header.status_is_error ? std::string(wire::parse_status(header.status)->exception_name) : std::string();
  }
};

class BatchingTest : public testing::Test {
 protected:
  void use(DynamicBatching options, std::size_t max_waiting = 1000) {
    for (Endpoint* each : {&endpoint, &other_endpoint}) {
      each->options.batching = options;
      each->wants_docs = each->changes_docs = true;
    }
    auto manual = std::make_unique<ManualTime>();
    time = manual.get();
    time->after = [this] { work_on_ready(); };
    batcher = std::make_unique<Batcher>(std::move(manual), "embedder", max_waiting,
                                        Batcher::Calls{[this](std::shared_ptr<Batch> batch) {
                                                         batches.push_back(batch);
                                                         if (!hold) ready_.push_back(std::move(batch));
                                                       },
                                                       [](std::shared_ptr<RequestJob> job) { job->complete(); }});
  }

  static wire::DataRequest request(const Texts& texts, const Parameters& parameters = {}) {
    DocumentArray docs;
    for (const std::string& text : texts) docs.push_back(Document{{.text = text}});
    wire::DataRequest made;
    made.has_header = true;
    set_encoded_documents(made, encode_documents(docs));
    if (!parameters.empty()) made.parameters = Bytes::take(encode_struct(parameters));
    return made;
  }
  std::unique_ptr<ClientCall> send(wire::DataRequest message, const Endpoint* to = nullptr) {
    auto call = std::make_unique<ClientCall>();
    send(*call, std::move(message), to);
    return call;
  }
  void send(ClientCall& call, wire::DataRequest message, const Endpoint* to = nullptr) {
    std::vector<wire::DataRequest> requests;
    requests.push_back(std::move(message));
    batcher->push(std::make_shared<RequestJob>(call.context, std::move(requests), to != nullptr ? *to : endpoint, names,
                                               [&call](wire::Reply reply) { call.reply = std::move(reply); }));
    work_on_ready();
  }
  std::unique_ptr<ClientCall> send(const Texts& texts, const Parameters& parameters = {}) {
    return send(request(texts, parameters));
  }

  void stop_waiting() {
    batcher->stop_waiting();
    work_on_ready();
  }

  /// As an Executor does.
  void work(Batch& batch) {
    batch.begin();
    while (EndpointCall* call = batch.next()) {
      slices.push_back(texts_of(call->docs));
      try {
        function(*call);
        batch.done();
      } catch (...) {
        batch.failed(EndpointFailure::of(std::current_exception()));
      }
      for (const auto& job : batch.take_answered()) job->complete();
    }
    for (const auto& job : batch.take_answered()) job->complete();
    batcher->finished(batch);
    work_on_ready();
  }

  Endpoint endpoint{};
  Endpoint other_endpoint{};
  ExecutorNames names{"embedder", "embedder/rep-0", "Embedder"};
  ManualTime* time = nullptr;
  bool hold = false;  // batches wait until the test works on them
  std::function<void(EndpointCall&)> function = [](EndpointCall& call) {
    for (Document& doc : call.docs) doc.set_text(doc.text() + "!");
  };
  std::vector<std::shared_ptr<Batch>> batches;
  std::vector<Texts> slices;  // that the function was called with
  std::unique_ptr<Batcher> batcher;

 private:
  void work_on_ready() {
    if (std::exchange(working_, true)) return;
    while (!ready_.empty()) {
      const std::shared_ptr<Batch> batch = ready_.front();
      ready_.erase(ready_.begin());
      work(*batch);
    }
    working_ = false;
  }

  std::vector<std::shared_ptr<Batch>> ready_;
  bool working_ = false;
};

}  // namespace jina
