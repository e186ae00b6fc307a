// A program of one's own: everything that `jina` does, with the class Greeter in it.
//   greeter gateway --uses Greeter --port 8080
#include <jina/main.hpp>

#include "greeter.hpp"

int main(int argc, char** argv) {
  return jina::main(argc, argv, [](jina::Registry& on) { on.add<Greeter>("Greeter"); });
}
