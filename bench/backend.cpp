// bench_backend PORT: an Executor that returns every request as it came, on grpc++'s callback API.
//
// It also answers what a gateway asks of an Executor before it sends anything: health, reflection (list_services) and
// endpoint_discovery. Messages are never parsed, so that the gateway in front is what a benchmark measures.
#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/grpcpp.h>

#include <csignal>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>

#include "health.pb.h"
#include "jina.pb.h"
#include "reflection.pb.h"

namespace {

using grpc::ByteBuffer;

ByteBuffer encode(const google::protobuf::MessageLite& message) {
  const std::string bytes = message.SerializeAsString();
  const grpc::Slice slice(bytes);
  return ByteBuffer(&slice, 1);
}

ByteBuffer health_answer() {
  grpc::health::v1::HealthCheckResponse answer;
  answer.set_status(grpc::health::v1::HealthCheckResponse::SERVING);
  return encode(answer);
}

ByteBuffer endpoints_answer() {
  jina::EndpointsProto answer;
  answer.add_endpoints("/default");
  return encode(answer);
}

// The services that Jina's own servers list; a gateway does not call what is missing here.
ByteBuffer services_answer() {
  grpc::reflection::v1alpha::ServerReflectionResponse answer;
  answer.mutable_original_request()->set_list_services("");
  for (const char* name : {"grpc.reflection.v1alpha.ServerReflection", "jina.JinaDataRequestRPC", "jina.JinaDiscoverEndpointsRPC",
                           "jina.JinaInfoRPC", "jina.JinaRPC", "jina.JinaSingleDataRequestRPC"}) {
    answer.mutable_list_services_response()->add_service()->set_name(name);
  }
  return encode(answer);
}

// One call: reads a message, writes the answer, until the caller has no more. Deletes itself in OnDone, as grpc++ wants it.
class EchoCall final : public grpc::ServerGenericBidiReactor {
 public:
  explicit EchoCall(std::string_view method) : method_(method) { StartRead(&request_); }

  void OnReadDone(bool ok) override {
    if (!ok) {
      Finish(grpc::Status::OK);
      return;
    }
    if (method_.ends_with("/Check")) {
      answer_ = health_answer();
    } else if (method_.ends_with("/endpoint_discovery")) {
      answer_ = endpoints_answer();
    } else if (method_.ends_with("/ServerReflectionInfo")) {
      answer_ = services_answer();
    } else {
      answer_.Swap(&request_);
    }
    StartWrite(&answer_);
  }

  void OnWriteDone(bool ok) override {
    if (ok) {
      StartRead(&request_);
    } else {
      Finish(grpc::Status(grpc::StatusCode::UNAVAILABLE, "the caller is gone"));
    }
  }

  void OnDone() override { delete this; }

 private:
  std::string method_;
  ByteBuffer request_;
  ByteBuffer answer_;
};

class EchoService final : public grpc::CallbackGenericService {
 public:
  grpc::ServerGenericBidiReactor* CreateReactor(grpc::GenericCallbackServerContext* context) override {
    return new EchoCall(context->method());
  }
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: bench_backend PORT\n";
    return 2;
  }
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  EchoService service;
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort(std::string("127.0.0.1:") + argv[1], grpc::InsecureServerCredentials(), &port);
  builder.RegisterCallbackGenericService(&service);
  builder.SetMaxReceiveMessageSize(-1);
  builder.SetMaxSendMessageSize(-1);
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (server == nullptr || port == 0) {
    std::cerr << "bench_backend: cannot listen on port " << argv[1] << '\n';
    return 1;
  }
  int signal = 0;
  sigwait(&signals, &signal);
  server->Shutdown();
  return EXIT_SUCCESS;
}
