#include "bot/http/url.hpp"

#include <gtest/gtest.h>

namespace broadsheet::http {
namespace {

TEST(Url, IsTakenApart) {
  auto url = parse_url("HTTPS://Example.ORG:8443/a%20b?q=1&r=%2F");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->scheme, "https");
  EXPECT_EQ(url->host, "example.org");
  EXPECT_EQ(url->port, 8443);
  EXPECT_EQ(url->target, "/a%20b?q=1&r=%2F");
  EXPECT_EQ(url->origin(), "https://example.org:8443");
}

TEST(Url, HasDefaultsAndBracketsForAddresses) {
  auto url = parse_url("http://[::1]");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->host, "::1");
  EXPECT_EQ(url->port, 80);
  EXPECT_EQ(url->target, "/");
  EXPECT_EQ(url->authority(), "[::1]");
}

TEST(Url, RefusesWhatMustNotBeFetched) {
  for (auto text :
       {"", "example.org", "/path", "ftp://example.org/", "file:///etc/passwd", "https://u:p@example.org/",
        "https://example.org/#part", "https://exa mple.org/", "https://example.org:0/", "https:///x",
        "https://ex%61mple.org/", "https://example.org/\r\nX: y", "https://example.org:99999/", "javascript:alert(1)"})
    EXPECT_FALSE(parse_url(text)) << text;
}

TEST(Url, EncodesAndDecodesPercentEscapes) {
  EXPECT_EQ(percent_encode("a b/c?é"), "a%20b%2Fc%3F%C3%A9");
  EXPECT_EQ(encode_query({{"q", "a&b"}, {"n", "1"}}), "q=a%26b&n=1");
  std::string out;
  EXPECT_TRUE(percent_decode("a%20b", out));
  EXPECT_EQ(out, "a b");
  EXPECT_FALSE(percent_decode("%2", out));
}

TEST(Target, IsDecodedSegmentBySegment) {
  auto target = parse_target("/d/cs.CL%2Fx/2025?q=a+b%26c&empty=");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->segments, (std::vector<std::string>{"d", "cs.CL/x", "2025"}));
  ASSERT_EQ(target->query.size(), 2U);
  EXPECT_EQ(target->query[0].second, "a b&c");
  EXPECT_TRUE(parse_target("/")->segments.empty());
}

// RFC 9112 3.2.2: a server accepts it.
TEST(Target, MayBeOfTheAbsoluteForm) {
  auto target = parse_target("http://example.org:8080/d/cs.CL?q=a");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->path, "/d/cs.CL");
  EXPECT_EQ(target->query[0].second, "a");
  EXPECT_EQ(parse_target("HTTPS://example.org")->path, "/");
  EXPECT_EQ(parse_target("http://example.org?q=b")->query[0].second, "b");
}

TEST(Target, MayHoldUnescapedText) {
  auto target = parse_target("/p/\u0142\u00f3d\u017a?q=caf\u00e9+\u03b1");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->segments[1], "\u0142\u00f3d\u017a");
  EXPECT_EQ(target->query[0].second, "caf\u00e9 \u03b1");
}

TEST(Target, RefusesBrokenAndHostileForms) {
  for (auto text : {"", "x", "http:///x", "ftp://example.org/", "*", "/\xff", "/?q=\xc3", "/%zz", "/%00", "/?q=%00",
                    "/%ff", "/?q=%ff%fe"})
    EXPECT_FALSE(parse_target(text)) << text;
}

TEST(Loopback, IsKnownByNameAndAddress) {
  for (auto host : {"localhost", "fake.localhost", "127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"})
    EXPECT_TRUE(is_loopback(host)) << host;
  for (auto host :
       {"localhost.example.org", "notlocalhost", "128.0.0.1", "10.0.0.1", "2130706433", "0x7f.1", "", "::2"})
    EXPECT_FALSE(is_loopback(host)) << host;
}

TEST(PrivateAddress, CoversEverySpecialRange) {
  for (auto address : {"0.0.0.0",
                       "0.1.2.3",
                       "10.0.0.1",
                       "10.255.255.255",
                       "100.64.0.1",
                       "100.127.255.255",
                       "127.0.0.1",
                       "169.254.169.254",
                       "172.16.0.1",
                       "172.31.255.255",
                       "192.0.0.1",
                       "192.0.2.1",
                       "192.88.99.1",
                       "192.168.1.1",
                       "198.18.0.1",
                       "198.19.255.255",
                       "198.51.100.7",
                       "203.0.113.9",
                       "224.0.0.1",
                       "240.0.0.1",
                       "255.255.255.255",
                       "::",
                       "::1",
                       "::ffff:10.0.0.1",
                       "::ffff:127.0.0.1",
                       "::ffff:169.254.169.254",
                       "::10.0.0.1",
                       "64:ff9b::a00:1",
                       "64:ff9b:1::1",
                       "100::1",
                       "2001::1",
                       "2001:db8::1",
                       "2002:a00:1::",
                       "3fff::1",
                       "fc00::1",
                       "fd12:3456::1",
                       "fe80::1",
                       "fec0::1",
                       "ff02::1",
                       "not an address",
                       ""})
    EXPECT_TRUE(is_private_address(address)) << address;
  for (auto address : {"1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.1", "172.15.255.255", "172.32.0.1",
                       "192.167.1.1", "198.17.0.1", "198.20.0.1", "223.255.255.255", "2606:4700::1111", "2a00:1450::1",
                       "::ffff:8.8.8.8", "64:ff9b::808:808"})
    EXPECT_FALSE(is_private_address(address)) << address;
}

}  // namespace
}  // namespace broadsheet::http
