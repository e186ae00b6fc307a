// A gateway with a bit of everything that /docs has to show.
#include <jina/http_gateway.hpp>
#include <jina/module.hpp>

#include <map>
#include <optional>

struct Item {
  std::string name;
  double price = 1.5;
  std::vector<std::string> tags = {"new"};
};
BOOST_DESCRIBE_STRUCT(Item, (), (name, price, tags))
struct Id {
  int id;
};
BOOST_DESCRIBE_STRUCT(Id, (), (id))
struct Search {
  std::string text;
  int limit = 10;
  static void describe(jina::Fields& on) {
    on["text"].says("What to look for").min_length(2).example("apple");
    on["limit"].at_least(1).at_most(100);
  }
};
BOOST_DESCRIBE_STRUCT(Search, (), (text, limit))

class Shop : public jina::HttpGateway {
 public:
  void setup_app(jina::App& app) override {
    app.title("Shop").version("2.0").description("A gateway with a **description**.");
    app.put("/items/{id}", &Shop::put).says("Stores an item").tag("items").status(201);
    app.get("/items/{id}", &Shop::get).says("One item").tag("items");
    app.get("/search", &Shop::search).says("Searches").tag("items");
    app.get("/boom", &Shop::boom);
    app.post("/documents", &Shop::documents);
  }
  Item put(jina::Path<Id> id, jina::Json<Item> item) { return items_[id->id] = *item; }
  std::optional<Item> get(jina::Path<Id> id) {
    const auto found = items_.find(id->id);
    if (found == items_.end()) return std::nullopt;
    return found->second;
  }
  std::vector<Item> search(jina::Query<Search> search) {
    std::vector<Item> found;
    for (const auto& [id, item] : items_)
      if (item.name.find(search->text) != std::string::npos && static_cast<int>(found.size()) < search->limit)
        found.push_back(item);
    return found;
  }
  void boom() { throw std::runtime_error("the password is 1234"); }
  jina::Task<jina::DocumentArray> documents(jina::Json<jina::DocumentArray> docs) {
    jina::StreamOptions options{.exec_endpoint = "/upper"};
    co_return co_await streamer().post(std::move(*docs), options);
  }

 private:
  std::map<int, Item> items_;
};

JINA_MODULE(registry) { registry.add<Shop>("Shop"); }
