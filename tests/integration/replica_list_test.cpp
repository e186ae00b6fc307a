#include "connection_pool/replica_list.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/io_test_kit.hpp"
#include "connection_pool/dns_watch.hpp"

namespace jina {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;

class ReplicaListTest : public ::testing::Test {
 protected:
  MakeChannel make = [this](const ReplicaAddress& where) { return std::make_unique<grpc::Channel>(io, where.address); };
  void replace(std::vector<std::string> addresses, SteadyTime at = SteadyTime(1h)) {
    std::vector<ReplicaAddress> wanted;
    for (auto& address : addresses) wanted.push_back({address, "enc:80"});
    list.replace(wanted, make, at);
  }
  std::vector<std::string> picked(int times) {
    std::vector<std::string> out;
    for (int i = 0; i < times; ++i) out.push_back(list.pick({}, true, SteadyTime(1h))->address);
    std::sort(out.begin(), out.end());
    return out;
  }

  boost::asio::io_context io;
  ReplicaList list;
};

TEST_F(ReplicaListTest, WhatIsReplacedIsNotChosenAnyMore) {
  list.add("enc:80", std::make_unique<grpc::Channel>(io, "enc:80"));
  replace({"10.0.0.1:80", "10.0.0.2:80"});
  EXPECT_EQ(list.size(), 2U);
  EXPECT_THAT(picked(2), ElementsAre("10.0.0.1:80", "10.0.0.2:80"));
  EXPECT_TRUE(list.exhausted({list.all()[1].get(), list.all()[2].get()})) << "a retired one is none that is left";
}

TEST_F(ReplicaListTest, WhoStaysKeepsItsPlaceAndWhoComesBackGetsIt) {
  replace({"10.0.0.1:80", "10.0.0.2:80"});
  const Replica* second = list.all()[1].get();
  replace({"10.0.0.2:80"});
  replace({"10.0.0.1:80", "10.0.0.2:80"});
  EXPECT_EQ(list.all().size(), 2U);
  EXPECT_EQ(list.all()[1].get(), second);
  EXPECT_EQ(list.size(), 2U);
}

TEST_F(ReplicaListTest, PlacesOfTheForgottenAreUsedAgain) {
  replace({"10.0.0.1:80"});
  for (int i = 2; i < 50; ++i) replace({"10.0.0." + std::to_string(i) + ":80"}, SteadyTime(1h + i * 61s));
  EXPECT_LE(list.all().size(), 3U);
  EXPECT_THAT(picked(1), ElementsAre("10.0.0.49:80"));
}

TEST_F(ReplicaListTest, AYoungRetiredOneKeepsItsAddress) {
  replace({"10.0.0.1:80"});
  replace({"10.0.0.2:80"});
  EXPECT_EQ(list.all()[0]->address, "10.0.0.1:80");
}

class DnsWatchTest : public ReplicaListTest {
 protected:
  void watch(std::vector<std::string> addresses) {
    for (const auto& address : addresses) list.add(address, std::make_unique<grpc::Channel>(io, address));
    DnsWatch::Options options;
    options.interval = options.interval_when_failing = 1ms;
    options.resolve = [this](boost::asio::io_context& where, const std::string& host,
                             UniqueFunction<void(std::vector<std::string>)> done) {
      ++asked;
      boost::asio::post(where, [this, host, done = std::move(done)]() mutable { done(answers[host]); });
    };
    watching = std::make_unique<DnsWatch>(io, list, std::move(addresses), make, std::move(options));
  }
  /// Until everybody was asked again, twice, so that the first answers have been used.
  void settle() {
    const int before = asked;
    run_until(io, [&] { return asked >= before + 4; });
  }
  std::vector<std::string> active() {
    std::vector<std::string> out;
    for (const auto& replica : list.all())
      if (!replica->retired) out.push_back(replica->address);
    std::sort(out.begin(), out.end());
    return out;
  }

  std::map<std::string, std::vector<std::string>> answers;
  int asked = 0;
  std::unique_ptr<DnsWatch> watching;
};

TEST_F(DnsWatchTest, ANameWithOneAddressStaysAName) {
  answers["enc"] = {"10.0.0.1"};
  watch({"enc:80"});
  settle();
  EXPECT_THAT(active(), ElementsAre("enc:80"));
}

TEST_F(DnsWatchTest, ANameWithSeveralIsOneReplicaEachAndChangesAreFollowed) {
  answers["enc"] = {"10.0.0.2", "10.0.0.1", "10.0.0.1"};
  watch({"enc:80"});
  settle();
  EXPECT_THAT(active(), ElementsAre("10.0.0.1:80", "10.0.0.2:80"));
  answers["enc"] = {"10.0.0.3", "10.0.0.2"};
  settle();
  EXPECT_THAT(active(), ElementsAre("10.0.0.2:80", "10.0.0.3:80"));
  answers["enc"] = {"10.0.0.3"};
  settle();
  EXPECT_THAT(active(), ElementsAre("10.0.0.3:80"));
}

TEST_F(DnsWatchTest, WhileANameLeadsNowhereWhatItLedToStays) {
  answers["enc"] = {"10.0.0.1", "10.0.0.2"};
  watch({"enc:80"});
  settle();
  answers["enc"] = {};
  settle();
  EXPECT_THAT(active(), ElementsAre("10.0.0.1:80", "10.0.0.2:80"));
}

TEST_F(DnsWatchTest, NumbersBesideNamesStayAndIPv6IsWrittenInBrackets) {
  answers["enc"] = {"fd00::1", "fd00::2"};
  watch({"enc:80", "10.0.0.9:81"});
  settle();
  EXPECT_THAT(active(), ElementsAre("10.0.0.9:81", "[fd00::1]:80", "[fd00::2]:80"));
}

TEST_F(DnsWatchTest, ClosedItAsksNobodyAndKeepsNothingRunning) {
  answers["enc"] = {"10.0.0.1", "10.0.0.2"};
  watch({"enc:80"});
  settle();
  watching->close();
  io.restart();
  io.run_for(5s);
  EXPECT_TRUE(io.stopped());
}

TEST(IsWatchedName, NamesAreNumbersAreNot) {
  EXPECT_TRUE(is_watched_name("enc.shop.svc:8080"));
  for (const char* fixed : {"10.0.0.1:80", "[::1]:80", "0.0.0.0:80", "localhost:80"}) EXPECT_FALSE(is_watched_name(fixed)) << fixed;
}

}  // namespace
}  // namespace jina
