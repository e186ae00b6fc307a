// The program `jina`.
#include "jina/main.hpp"

int main(int argc, char** argv) { return jina::main(argc, argv, {}); }
