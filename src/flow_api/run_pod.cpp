#include "flow_api/run_pod.hpp"

#include "jina/main.hpp"

namespace jina::flow_api {

void run_in_fork(flow::PodPlan& pod, const std::string& own, AddClasses add_classes, std::string header) {
  auto& process = pod.process;
  if (process.program != own) return;
  process.function = [own, words = process.arguments, add_classes = std::move(add_classes), header = std::move(header)] {
    std::vector<std::string> all{own};
    all.insert(all.end(), words.begin(), words.end());
    std::vector<char*> argv;
    for (auto& word : all) argv.push_back(word.data());
    return detail::run_program(static_cast<int>(argv.size()), argv.data(), add_classes, header.c_str());
  };
}

}  // namespace jina::flow_api
