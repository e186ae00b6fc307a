// say HOST:PORT TEXT: says TEXT to the gateway and prints what it answers.
#include <grpcpp/grpcpp.h>

#include <iostream>

#include "capitals.grpc.pb.h"

int main(int argc, char** argv) {
  if (argc != 3) return std::cerr << "usage: say HOST:PORT TEXT\n", 2;
  const auto capitals = demo::Capitals::NewStub(grpc::CreateChannel(argv[1], grpc::InsecureChannelCredentials()));
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(10));
  demo::Text text, answer;
  text.set_text(argv[2]);
  const grpc::Status status = capitals->Say(&context, text, &answer);
  if (!status.ok()) return std::cerr << status.error_code() << ": " << status.error_message() << "\n", 1;
  std::cout << answer.text() << "\n";
}
