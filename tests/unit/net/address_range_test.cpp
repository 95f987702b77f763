#include "bot/net/address_range.hpp"

#include <gtest/gtest.h>

namespace broadsheet::http {
namespace {

bool holds(const char* range, const char* address) {
  auto parsed = AddressRange::parse(range);
  EXPECT_TRUE(parsed) << range;
  return parsed && parsed->contains(boost::asio::ip::make_address(address));
}

TEST(AddressRange, HoldsWhatAgreesInItsFirstBits) {
  EXPECT_TRUE(holds("10.0.0.0/8", "10.255.1.2"));
  EXPECT_FALSE(holds("10.0.0.0/8", "11.0.0.1"));
  EXPECT_TRUE(holds("192.168.4.0/23", "192.168.5.9"));
  EXPECT_FALSE(holds("192.168.4.0/23", "192.168.6.0"));
  EXPECT_TRUE(holds("0.0.0.0/0", "203.0.113.9"));
  EXPECT_TRUE(holds("10.0.0.5", "10.0.0.5"));
  EXPECT_FALSE(holds("10.0.0.5", "10.0.0.6"));
  EXPECT_TRUE(holds("fd00::/8", "fd12:3456::1"));
  EXPECT_FALSE(holds("fd00::/8", "fe80::1"));
  EXPECT_FALSE(holds("0.0.0.0/0", "::1")) << "another family";
  EXPECT_TRUE(holds("10.0.0.0/8", "::ffff:10.1.2.3")) << "IPv4 that arrives inside IPv6";
}

TEST(AddressRange, RefusesEverythingElse) {
  for (const char* bad : {"", "nonsense", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/8x", "10.0.0/8", "/8",
                          "::/129", "host.example.org", "10.0.0.1 ", "fe80::1%eth0"}) {
    auto parsed = AddressRange::parse(bad);
    ASSERT_FALSE(parsed) << bad;
    EXPECT_NE(parsed.error().what().find("is neither an address nor a range"), std::string::npos);
  }
}

TEST(Listen, IsAnAddressAndAPort) {
  EXPECT_EQ(parse_listen("127.0.0.1:8080")->port, 8080);
  EXPECT_EQ(parse_listen("localhost:0")->address.to_string(), "127.0.0.1");
  EXPECT_EQ(parse_listen("[::1]:9")->address.to_string(), "::1");
  for (const char* bad : {"", ":8080", "8080", "nowhere:80", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:65536",
                          "127.0.0.1:80x", "127.0.0.1:-1"})
    EXPECT_FALSE(parse_listen(bad)) << bad;
}

}  // namespace
}  // namespace broadsheet::http
